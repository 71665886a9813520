using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Zinneke.Kernel;

/// <summary>libvips could not do what was asked, nearly always because a picture is damaged.</summary>
internal sealed class VipsException(string message) : Exception(message);

/// <summary>A picture inside libvips. Most operations only describe what is to be done; pixels are computed when they are asked for.</summary>
internal sealed unsafe class VipsImage : SafeHandle
{
    public VipsImage(nint image) : base(0, ownsHandle: true) => SetHandle(image);

    public override bool IsInvalid => handle == 0;

    public int Width => VipsNative.Width(handle);

    public int Height => VipsNative.Height(handle);

    public bool HasAlpha => VipsNative.HasAlpha(handle) != 0;

    /// <summary>Starts an operation on this picture.</summary>
    public VipsOperation Begin(string operation, string input = "in") => new VipsOperation(operation).Set(input, this);

    /// <summary>Computes every pixel and keeps them.</summary>
    /// <exception cref="VipsException">The picture behind it is damaged, or the time is over.</exception>
    public VipsImage InMemory() =>
        VipsNative.CopyMemory(handle) is not 0 and var copy ? new VipsImage(copy) : throw new VipsException(VipsNative.LastError());

    /// <summary>Sets a header field of a picture that nobody else holds.</summary>
    public void SetHeader(string name, int value) => VipsNative.SetInt(handle, name, value);

    /// <summary>Gives up computing pixels from this picture after a time.</summary>
    public void StopAfter(TimeSpan limit)
    {
        VipsNative.SetProgress(handle, 1);
        VipsNative.Connect(handle, "eval", &StopWhenOver, (nint)limit.TotalSeconds, 0, 0);
    }

    protected override bool ReleaseHandle()
    {
        VipsNative.Unref(handle);
        return true;
    }

    /// <param name="image">The picture being computed.</param>
    /// <param name="progress">A VipsProgress: a pointer, then the seconds that it has run.</param>
    /// <param name="limitSeconds">What was given to <see cref="StopAfter"/>.</param>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void StopWhenOver(nint image, int* progress, nint limitSeconds)
    {
        if (progress[sizeof(nint) / sizeof(int)] >= limitSeconds)
        {
            VipsNative.SetKill(image, 1);
        }
    }
}

/// <summary>One operation of libvips, built from named arguments. It is used once: the call for a result runs it.</summary>
internal sealed unsafe class VipsOperation
{
    private nint operation;

    public VipsOperation(string name)
    {
        VipsLibrary.Use();
        operation = VipsNative.OperationNew(name);
        if (operation == 0)
        {
            throw new InvalidOperationException($"libvips has no operation {name}: {VipsNative.LastError()}");
        }
    }

    /// <param name="value">Words, names of choices, or numbers separated by spaces, as libvips' command line takes them.</param>
    public VipsOperation Set(string name, string value)
    {
        if (VipsNative.SetFromString(operation, name, value) != 0)
        {
            Drop();
            throw new InvalidOperationException($"libvips does not take {name}={value}: {VipsNative.LastError()}");
        }
        return this;
    }

    public VipsOperation Set(string name, int value) => Set(name, value.ToString(CultureInfo.InvariantCulture));

    public VipsOperation Set(string name, double value) => Set(name, value.ToString("R", CultureInfo.InvariantCulture));

    public VipsOperation Set(string name, VipsImage image)
    {
        var value = default(VipsNative.Value);
        VipsNative.ValueInit(ref value, VipsNative.ImageType());
        VipsNative.ValueSetObject(ref value, image.DangerousGetHandle());
        VipsNative.SetProperty(operation, name, ref value);
        VipsNative.ValueUnset(ref value);
        GC.KeepAlive(image);
        return this;
    }

    /// <param name="data">Must stay where it is until the result's pixels are computed.</param>
    public VipsOperation Set(string name, byte* data, int length)
    {
        var blob = VipsNative.BlobNew(0, data, (nuint)length);
        var value = default(VipsNative.Value);
        VipsNative.ValueInit(ref value, VipsNative.BlobType());
        VipsNative.ValueSetBoxed(ref value, blob);
        VipsNative.SetProperty(operation, name, ref value);
        VipsNative.ValueUnset(ref value);
        VipsNative.AreaUnref(blob);
        return this;
    }

    /// <summary>Runs it for its result, a picture.</summary>
    /// <exception cref="VipsException">It fails.</exception>
    public VipsImage Image(string output = "out")
    {
        Build();
        var value = default(VipsNative.Value);
        VipsNative.ValueInit(ref value, VipsNative.ImageType());
        VipsNative.GetProperty(operation, output, ref value);
        var image = new VipsImage(VipsNative.Ref(VipsNative.ValueGetObject(ref value)));
        VipsNative.ValueUnset(ref value);
        Drop();
        return image;
    }

    /// <summary>Runs it for its result, an encoded picture.</summary>
    /// <exception cref="VipsException">It fails.</exception>
    public byte[] Bytes(string output = "buffer")
    {
        Build();
        var value = default(VipsNative.Value);
        VipsNative.ValueInit(ref value, VipsNative.BlobType());
        VipsNative.GetProperty(operation, output, ref value);
        var data = VipsNative.BlobGet(VipsNative.ValueGetBoxed(ref value), out var size);
        var bytes = new ReadOnlySpan<byte>(data, (int)size).ToArray();
        VipsNative.ValueUnset(ref value);
        Drop();
        return bytes;
    }

    /// <summary>Runs it for its effect on the picture that it was given.</summary>
    /// <exception cref="VipsException">It fails.</exception>
    public void Run()
    {
        Build();
        Drop();
    }

    private void Build()
    {
        if (VipsNative.Build(ref operation) != 0)
        {
            Drop();
            throw new VipsException(VipsNative.LastError());
        }
    }

    private void Drop()
    {
        VipsNative.UnrefOutputs(operation);
        VipsNative.Unref(operation);
        operation = 0;
    }
}

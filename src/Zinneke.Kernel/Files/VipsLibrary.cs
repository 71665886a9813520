using System.Reflection;
using System.Runtime.InteropServices;

namespace Zinneke.Kernel;

/// <summary>
/// Finds libvips and opens it once, shut against what strangers send. The npm packages <c>@img/sharp-*</c> carry it with everything it needs, so no system
/// package is asked for: in native/ beside the program, else below web/node_modules of the checkout.
/// </summary>
internal static class VipsLibrary
{
    public const string Name = "libvips-cpp";

    /// <summary>The loaders that read what people sent, from files below the data folder. All other loaders stay blocked.</summary>
    private static readonly string[] Trusted = ["VipsForeignLoadJpegFile", "VipsForeignLoadPngFile", "VipsForeignLoadWebpFile"];

    private static readonly Lazy<bool> Opened = new(Open);

    static VipsLibrary() => NativeLibrary.SetDllImportResolver(typeof(VipsLibrary).Assembly, (name, _, _) => name == Name ? NativeLibrary.Load(Find()) : 0);

    /// <summary>Opens the library at the first call.</summary>
    /// <exception cref="DllNotFoundException">It is not installed.</exception>
    public static void Use() => _ = Opened.Value;

    private static bool Open()
    {
        if (VipsNative.Init("zinneke") != 0)
        {
            throw new DllNotFoundException("libvips does not start: " + VipsNative.LastError());
        }
        VipsNative.BlockUntrusted(1);
        VipsNative.Block("VipsForeignLoad", 1);
        foreach (var loader in Trusted)
        {
            VipsNative.Block(loader, 0);
        }
        // A server makes one picture a core at most. Nothing is asked for twice, and a cached file would outlive its deletion.
        VipsNative.SetConcurrency(1);
        VipsNative.SetCacheMax(0);
        return true;
    }

    private static string Find()
    {
        var pattern = OperatingSystem.IsWindows() ? "libvips-42.dll" : OperatingSystem.IsMacOS() ? "libvips-cpp.*.dylib" : "libvips-cpp.so.*";
        var package = Path.Combine("web", "node_modules", "@img", Package(), "lib");
        var folders = new List<string> { Path.Combine(AppContext.BaseDirectory, "native") };
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            folders.Add(Path.Combine(folder.FullName, package));
        }
        return folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, pattern)).FirstOrDefault()
            ?? throw new DllNotFoundException($"libvips is not installed: neither native/{pattern} beside the program nor the npm package in {package}; run ./zinneke, or npm ci in web/");
    }

    private static string Package()
    {
        var processor = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        return OperatingSystem.IsWindows() ? $"sharp-win32-{processor}"
            : OperatingSystem.IsMacOS() ? $"sharp-libvips-darwin-{processor}"
            : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? $"sharp-libvips-linuxmusl-{processor}"
            : $"sharp-libvips-linux-{processor}";
    }
}

/// <summary>
/// The few functions of libvips 8.18 and GObject that are called. None takes variable arguments: their calling convention differs between processors,
/// so operations are built from properties instead.
/// </summary>
internal static partial class VipsNative
{
    private const string Vips = VipsLibrary.Name;

    /// <summary>A GValue: its type and two words of content.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Value
    {
        public nuint Type;
        public long First;
        public long Second;
    }

    public static unsafe string LastError()
    {
        var message = Marshal.PtrToStringUTF8((nint)ErrorBuffer())?.Trim() ?? "";
        ErrorClear();
        return message;
    }

    [LibraryImport(Vips, EntryPoint = "vips_init", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Init(string program);

    [LibraryImport(Vips, EntryPoint = "vips_block_untrusted_set")]
    public static partial void BlockUntrusted(int blocked);

    [LibraryImport(Vips, EntryPoint = "vips_operation_block_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void Block(string name, int blocked);

    [LibraryImport(Vips, EntryPoint = "vips_concurrency_set")]
    public static partial void SetConcurrency(int threads);

    [LibraryImport(Vips, EntryPoint = "vips_cache_set_max")]
    public static partial void SetCacheMax(int operations);

    [LibraryImport(Vips, EntryPoint = "vips_error_buffer")]
    private static unsafe partial byte* ErrorBuffer();

    [LibraryImport(Vips, EntryPoint = "vips_error_clear")]
    private static partial void ErrorClear();

    [LibraryImport(Vips, EntryPoint = "vips_operation_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint OperationNew(string name);

    [LibraryImport(Vips, EntryPoint = "vips_object_set_argument_from_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetFromString(nint target, string name, string value);

    [LibraryImport(Vips, EntryPoint = "vips_cache_operation_buildp")]
    public static partial int Build(ref nint operation);

    [LibraryImport(Vips, EntryPoint = "vips_object_unref_outputs")]
    public static partial void UnrefOutputs(nint operation);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_type")]
    public static partial nuint ImageType();

    [LibraryImport(Vips, EntryPoint = "vips_blob_get_type")]
    public static partial nuint BlobType();

    [LibraryImport(Vips, EntryPoint = "vips_blob_new")]
    public static unsafe partial nint BlobNew(nint free, byte* data, nuint size);

    [LibraryImport(Vips, EntryPoint = "vips_blob_get")]
    public static unsafe partial byte* BlobGet(nint blob, out nuint size);

    [LibraryImport(Vips, EntryPoint = "vips_area_unref")]
    public static partial void AreaUnref(nint area);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_width")]
    public static partial int Width(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_height")]
    public static partial int Height(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_hasalpha")]
    public static partial int HasAlpha(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_copy_memory")]
    public static partial nint CopyMemory(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_set_int", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetInt(nint image, string name, int value);

    [LibraryImport(Vips, EntryPoint = "vips_image_set_progress")]
    public static partial void SetProgress(nint image, int wanted);

    [LibraryImport(Vips, EntryPoint = "vips_image_set_kill")]
    public static partial void SetKill(nint image, int kill);

    [LibraryImport(Vips, EntryPoint = "g_signal_connect_data", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial ulong Connect(nint instance, string signal, delegate* unmanaged[Cdecl]<nint, int*, nint, void> handler, nint data, nint destroy, int flags);

    [LibraryImport(Vips, EntryPoint = "g_object_set_property", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetProperty(nint target, string name, ref Value value);

    [LibraryImport(Vips, EntryPoint = "g_object_get_property", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void GetProperty(nint target, string name, ref Value value);

    [LibraryImport(Vips, EntryPoint = "g_object_ref")]
    public static partial nint Ref(nint target);

    [LibraryImport(Vips, EntryPoint = "g_object_unref")]
    public static partial void Unref(nint target);

    [LibraryImport(Vips, EntryPoint = "g_value_init")]
    public static partial nint ValueInit(ref Value value, nuint type);

    [LibraryImport(Vips, EntryPoint = "g_value_unset")]
    public static partial void ValueUnset(ref Value value);

    [LibraryImport(Vips, EntryPoint = "g_value_set_object")]
    public static partial void ValueSetObject(ref Value value, nint target);

    [LibraryImport(Vips, EntryPoint = "g_value_get_object")]
    public static partial nint ValueGetObject(ref Value value);

    [LibraryImport(Vips, EntryPoint = "g_value_set_boxed")]
    public static partial void ValueSetBoxed(ref Value value, nint boxed);

    [LibraryImport(Vips, EntryPoint = "g_value_get_boxed")]
    public static partial nint ValueGetBoxed(ref Value value);
}

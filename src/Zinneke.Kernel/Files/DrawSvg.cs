using System.Text;

namespace Zinneke.Kernel;

/// <summary>
/// Draws pictures that Zinneke itself wrote as SVG: charts, boards, the photos of the demonstration city. Never give it anything that came from outside: the SVG loader is not hardened.
/// It is unblocked for memory only, while what people send is only ever loaded from files, so a stranger's SVG finds no loader even then.
/// </summary>
public static class DrawSvg
{
    private static readonly Lazy<bool> Unblocked = new(Unblock);

    /// <param name="svg">A whole document with its width and height.</param>
    /// <param name="scale">Pixels per SVG pixel.</param>
    public static byte[] ToPng(string svg, double scale = 1) => Draw(svg, scale, image => image.Begin("pngsave_buffer").Set("keep", "none").Bytes());

    /// <summary>The same as a JPEG of quality 90, white where nothing is drawn.</summary>
    public static byte[] ToJpeg(string svg, double scale = 1) =>
        Draw(svg, scale, image => image.Begin("jpegsave_buffer").Set("Q", 90).Set("keep", "none").Set("background", "255").Bytes());

    internal static unsafe byte[] Draw(string svg, double scale, Func<VipsImage, byte[]> encode)
    {
        _ = Unblocked.Value;
        var text = Encoding.UTF8.GetBytes(svg);
        fixed (byte* data = text)
        {
            using var image = new VipsOperation("svgload_buffer").Set("buffer", data, text.Length).Set("scale", scale).Image();
            return encode(image);
        }
    }

    private static bool Unblock()
    {
        VipsLibrary.Use();
        VipsNative.Block("VipsForeignLoadSvgBuffer", 0);
        return true;
    }
}

using Zinneke.Geo;

namespace Zinneke.Engines.Tests.Geo;

public class ShapeTests
{
    [Fact]
    public void Stored_bytes_give_the_same_shape_back()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var shape = PlainGeometry.RandomShape(new Random(seed));
            ShapeCode.Read(shape.ToBytes()).ShouldBe(shape);
        }
    }

    [Fact]
    public void Seven_decimals_are_kept_exactly()
    {
        var shape = Shape.Line(new(4.3517103, 50.8467139), new(-179.9999999, -89.9999999), new(180, 90));
        shape[0].ShouldBe(new LonLat(4.3517103, 50.8467139));
        shape[1].ShouldBe(new LonLat(-179.9999999, -89.9999999));
        ShapeCode.Read(shape.ToBytes())[2].ShouldBe(new LonLat(180, 90));
    }

    [Fact]
    public void Damaged_bytes_are_refused_and_never_read_past_their_end()
    {
        var bytes = PlainGeometry.RandomShape(new Random(7)).ToBytes();
        for (var length = 0; length < bytes.Length; length++)
        {
            Should.Throw<FormatException>(() => ShapeCode.Read(bytes.AsSpan(0, length)));
        }
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var damaged = bytes.ToArray();
            damaged[random.Next(Math.Min(20, damaged.Length))] = (byte)random.Next(256);
            try
            {
                ShapeCode.Read(damaged);
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                // Refused: as good as read.
            }
        }
    }
}

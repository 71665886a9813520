using Zinneke.Geo;

namespace Zinneke.Engines.Tests.Geo;

public class LabelPointTests
{
    [Fact]
    public void A_label_stands_where_there_is_most_room()
    {
        // A thin handle to the west of a square: the middle of the box is not the middle of the square.
        var pan = new ShapeIndex([Shape.Polygon(new(4, 50.49), new(5, 50.49), new(5, 50), new(6, 50), new(6, 51), new(5, 51), new(5, 50.51), new(4, 50.51))]);
        var label = LabelPoint.Of(pan, 0);
        label.Lon.ShouldBe(5.5, 0.02);
        // Half a degree of longitude is 35 km and the square is 111 km high: anywhere on its middle line there is as much room.
        pan.EdgeDistanceMetres(0, label).ShouldBeGreaterThan(34_000);
    }

    [Fact]
    public void A_label_is_never_in_a_hole_or_outside()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var index = new ShapeIndex([PlainGeometry.RandomShape(new Random(seed))]);
            if (index[0].Kind == ShapeKind.Polygons)
            {
                index.Contains(0, LabelPoint.Of(index, 0)).ShouldBeTrue();
            }
        }
    }
}

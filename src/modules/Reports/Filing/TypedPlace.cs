using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>What is wrong with the coordinates that a form brings.</summary>
internal static class TypedPlace
{
    /// <summary>422 beside each field that is no coordinate, or is missing beside the other one; null when both are right, or neither was given.</summary>
    public static Refusal? Fault(this PlaceInput place)
    {
        var faults = new List<Refusal>();
        if (place.IsLatWrong)
        {
            faults.Add(Refusal.Invalid("reports.latitudeOutside", "lat"));
        }
        if (place.IsLonWrong)
        {
            faults.Add(Refusal.Invalid("reports.longitudeOutside", "lon"));
        }
        if (faults.Count == 0 && (place.Lon is null) != (place.Lat is null))
        {
            faults.Add(Refusal.Invalid("reports.required", place.Lon is null ? "lon" : "lat"));
        }
        return faults.Count == 0 ? null : Refusal.Of(faults);
    }
}

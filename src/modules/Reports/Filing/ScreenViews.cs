using Zinneke.Geo;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>What the first screen shows.</summary>
/// <param name="Found">Addresses to choose from.</param>
/// <param name="HasStreets">There is a list of streets.</param>
public sealed record WhereView(string State, NewReport Report, MapFrame Frame, IReadOnlyList<Address> Found, bool HasStreets, Refusal? Refusal)
{
    /// <summary>What was searched for.</summary>
    public string Words { get; init; } = "";

    /// <summary>The coordinates as they were sent; null before.</summary>
    public PlaceInput? Typed { get; init; }
}

/// <summary>What the second screen shows.</summary>
/// <param name="Words">What was searched for.</param>
/// <param name="Found">Leaves that match, best first.</param>
/// <param name="Usual">Leaves most reported around the place.</param>
/// <param name="Professional">Categories for professionals are offered too.</param>
public sealed record WhatView(
    string State, NewReport Report, CategoryTree Tree, string Words, IReadOnlyList<Category> Found, IReadOnlyList<Category> Usual, bool Professional, Refusal? Refusal);

/// <summary>What the third screen shows.</summary>
/// <param name="Near">Reports that may be the same problem.</param>
/// <param name="Question">Sides of the boundary to choose from; empty when there is nothing to ask.</param>
public sealed record DetailsView(string State, Draft Draft, Category Category, CategoryTree Tree, IReadOnlyList<Nearby> Near, IReadOnlyList<SideOption> Question, Route Route, Body Body, Refusal? Refusal)
{
    /// <summary>Why one of those near cannot be followed, and what was sent; null when nothing was.</summary>
    public FollowNear? Follow { get; init; }
}

/// <summary>Following a report that is there already, from the form of a new one (R5).</summary>
/// <param name="Number">Of the report to follow.</param>
/// <param name="Refusal">Null when it was done.</param>
public sealed record FollowNear(string Number, string Email, Refusal? Refusal);

/// <summary>What the fourth screen shows.</summary>
/// <param name="Home">The municipality that it is routed in; null outside of all.</param>
/// <param name="Why">The rule that names the body, in words.</param>
public sealed record SendView(string State, Draft Draft, Category Category, Area? Home, Body Body, Text? Why, Refusal? Refusal)
{
    /// <summary>What the words of the report tell of a person, and everybody would read.</summary>
    public IReadOnlyList<(Telling What, string Words)> Tells { get; init; } = [];

    private const double SamePlaceMetres = 20; // What a telephone knows of its place.

    /// <summary>A photo was taken elsewhere than at the chosen place.</summary>
    public bool OffersPhotoPlace => Draft.PhotoPlace is not null && MetresToPhoto is not < SamePlaceMetres;

    /// <summary>From the chosen place to where a photo was taken; null when either is not known.</summary>
    public double? MetresToPhoto => Draft is { PhotoPlace: { } photo, Report: { Lon: { } lon, Lat: { } lat } } ? new LonLat(lon, lat).MetresTo(new LonLat(photo.Lon, photo.Lat)) : null;
}

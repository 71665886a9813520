namespace Zinneke.Kernel;

/// <summary>A field of the algorithm register.</summary>
/// <param name="Type"><c>text</c> or <c>textN</c> (at most N characters), <c>code</c> or <c>code:a|b|c</c>, <c>uuid, date, month, email, url, list</c>.</param>
/// <param name="Required">Without it nothing runs.</param>
/// <param name="Spoken">Words, one text for each language; otherwise one value for all.</param>
public sealed record AlgorithmField(string Name, string Type, bool Required, string Group, bool Spoken = false)
{
    /// <summary>Words that a code may be; empty when any is taken.</summary>
    public IReadOnlyList<string> Codes { get; } = Type.StartsWith("code:", StringComparison.Ordinal) ? Type[5..].Split('|') : [];

    public int LengthMax => Type.StartsWith("text", StringComparison.Ordinal) && int.TryParse(Type.AsSpan(4), out var most) ? most : 1000;
}

/// <summary>The fields of an entry, after the Dutch and British public standards (strategy.md R2).</summary>
public static class AlgorithmFields
{
    /// <summary>Version of this list.</summary>
    public const string Standard = "1.0";

    public static IReadOnlyList<AlgorithmField> All { get; } =
    [
        new("id", "uuid", true, "meta"),
        new("lang", "code", true, "meta"),
        new("standardVersion", "text", true, "meta"),
        new("name", "text100", true, "basic", Spoken: true),
        new("descriptionShort", "text350", true, "basic", Spoken: true),
        new("organization", "text100", true, "basic", Spoken: true),
        new("department", "text100", true, "basic", Spoken: true),
        new("contactEmail", "email", true, "basic"),
        new("contactPhone", "text", false, "basic"),
        new("area", "text", true, "basic", Spoken: true),
        new("domain", "code", true, "basic"),
        new("website", "url", false, "basic"),
        new("status", "code:planned|design|development|pilot|evaluation|operational|retired", true, "basic"),
        new("startDate", "month", true, "basic"),
        new("endDate", "month", false, "basic"),
        new("publicationCategory", "code:highRisk|impactful|other", true, "basic"),
        new("decisionMakingProcess", "text2500", true, "use", Spoken: true),
        new("goal", "text2500", true, "use", Spoken: true),
        new("impact", "text2500", true, "use", Spoken: true),
        new("risks", "text2500", true, "use", Spoken: true),
        new("riskCategory", "code:minimal|limited|high|unacceptable", true, "use"),
        new("proportionality", "text2500", true, "use", Spoken: true),
        new("alternativesConsidered", "text2500", false, "use", Spoken: true),
        new("lawfulBasis", "text2500", true, "use", Spoken: true),
        new("lawfulBasisUrl", "url", false, "use"),
        new("trainingData", "text2500", true, "data", Spoken: true),
        new("sourceData", "text2500", true, "data", Spoken: true),
        new("dataBias", "text2500", false, "data", Spoken: true),
        new("connectedDataSources", "text2500", true, "data", Spoken: true),
        new("personalDataProcessingId", "uuid", false, "data"),
        new("dpiaSummary", "text2500", false, "data", Spoken: true),
        new("dpiaUrl", "url", false, "data"),
        new("algorithmType", "code:rules|statistics|learning|optimisation|generative", true, "algorithm"),
        new("description", "text5000", true, "algorithm", Spoken: true),
        new("methodsAndModels", "text2500", false, "algorithm", Spoken: true),
        new("performance", "text2500", false, "algorithm", Spoken: true),
        new("supplier", "text200", false, "algorithm"),
        new("sourceCodeUrl", "url", false, "algorithm"),
        new("modelVersion", "text", false, "algorithm"),
        new("impactAssessmentSummary", "text2500", false, "algorithm", Spoken: true),
        new("impactAssessmentUrl", "url", false, "algorithm"),
        new("monitoring", "text2500", true, "oversight", Spoken: true),
        new("useType", "code:support|partlyAutomated|fullyAutomated", true, "oversight"),
        new("humanIntervention", "text2500", true, "oversight", Spoken: true),
        new("objectionProcedure", "text2500", true, "oversight", Spoken: true),
        new("rollback", "text2500", false, "oversight", Spoken: true),
        new("publicationDate", "date", true, "meta"),
        new("lastChangeDate", "date", true, "meta"),
        new("revisionDate", "date", true, "meta"),
        new("revisionNote", "text", false, "meta", Spoken: true),
        new("keywords", "list", false, "meta"),
    ];
}

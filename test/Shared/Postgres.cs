namespace Zinneke.Testing;

/// <summary>The throw-away PostgreSQL that <c>./zinneke test</c> starts, named by ZINNEKE_TEST_POSTGRES as an Npgsql connection string of a superuser.</summary>
internal static class Postgres
{
    public static string? Server { get; } = Environment.GetEnvironmentVariable("ZINNEKE_TEST_POSTGRES") is { Length: > 0 } server ? server : null;

    public static string? ReasonToSkip { get; } = Surroundings.SkipUnless(Server is not null, "no PostgreSQL (./zinneke test starts one, or set ZINNEKE_TEST_POSTGRES)");

    public static string Required => Server ?? throw new InvalidOperationException("PostgreSQL is missing: ./zinneke test starts one, or set ZINNEKE_TEST_POSTGRES");
}

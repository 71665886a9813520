using System.Reflection;
using Xunit.Sdk;

namespace Zinneke.Testing;

/// <summary>The two databases that an installation can stand on.</summary>
public enum StoreKind
{
    Sqlite,
    Postgres,
}

/// <summary>Runs a theory on SQLite; <c>[Theory, OnSqlite, OnPostgres]</c> runs it on both. The first parameter is the <see cref="StoreKind"/>, then come the values given here.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class OnSqliteAttribute(params object?[] values) : DataAttribute
{
    public override IEnumerable<object?[]> GetData(MethodInfo testMethod) => [[StoreKind.Sqlite, .. values]];
}

/// <summary>Runs a theory on PostgreSQL: skipped where there is none, a failure there when CI=true.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class OnPostgresAttribute : DataAttribute
{
    private readonly object?[] values;

    public OnPostgresAttribute(params object?[] values)
    {
        this.values = values;
        Skip = Postgres.ReasonToSkip;
    }

    public override IEnumerable<object?[]> GetData(MethodInfo testMethod) => [[StoreKind.Postgres, .. values]];
}

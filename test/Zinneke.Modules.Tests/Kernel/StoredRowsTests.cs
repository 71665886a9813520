using System.Text;
using Zinneke.Kernel;

namespace Zinneke.Testing;

/// <summary>Rows read past EF say the same as was put in, on both stores.</summary>
public class StoredRowsTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Every_kind_of_value_comes_back(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await using var connection = await store.Database.ConnectAsync();
        var (id, words) = (Guid.CreateVersion7(), "Où ça ? \"Là\" \U0001F6B2\0…");
        var text = kind == StoreKind.Postgres ? words.Replace("\0", "", StringComparison.Ordinal) : words; // PostgreSQL keeps no NUL.
        await using var rows = await StoredRows.OpenAsync(connection, "SELECT $1, $2, $3, $4, $5, CAST(NULL AS bigint), $2 UNION ALL SELECT $1, $2 + 1, $3, $4, '', CAST(NULL AS bigint), $2", [id, long.MaxValue - 1, 4.1234567, true, text], default);

        (await rows.ReadAsync(default)).ShouldBeTrue();
        (rows.Id(0), rows.Long(1), rows.Double(2), rows.Bool(3), rows.Text(4)).ShouldBe((id, long.MaxValue - 1, 4.1234567, true, text));
        Encoding.UTF8.GetString(rows.Utf8(4)).ShouldBe(text);
        (rows.IsNull(5), rows.LongOrNull(5), rows.Text(5), rows.Utf8(5).Length, rows.LongOrNull(6)).ShouldBe((true, null, null, 0, long.MaxValue - 1));
        var known = new KnownWords();
        known.Of(rows.Utf8(4)).ShouldBeSameAs(known.Of(Encoding.UTF8.GetBytes(text)));

        (await rows.ReadAsync(default)).ShouldBeTrue();
        (rows.Long(1), rows.Text(4)).ShouldBe((long.MaxValue, ""));
        (await rows.ReadAsync(default)).ShouldBeFalse();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_query_that_fails_says_so(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await using var connection = await store.Database.ConnectAsync();
        await Should.ThrowAsync<System.Data.Common.DbException>(() => StoredRows.OpenAsync(connection, "SELECT nothing FROM nowhere", [], default));
    }
}

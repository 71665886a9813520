using System.Data.Common;
using System.Text.RegularExpressions;
using Zinneke.Kernel;

namespace Zinneke.House.Tests;

/// <summary>What a database says of its own tables, columns, keys and indexes, one line each, in words that do not depend on how they were made.</summary>
internal static partial class Catalogue
{
    private const string SqliteSql = """
        SELECT m.name, 'column ' || c.name || ' ' || c.type || CASE WHEN c."notnull" OR c.pk > 0 THEN ' not null' ELSE ' null' END
        FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type = 'table'
        UNION ALL
        SELECT m.name, 'key ' || (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_table_info(m.name) WHERE pk > 0 ORDER BY pk))
        FROM sqlite_master m WHERE m.type = 'table'
        UNION ALL
        SELECT m.name, 'index ' || i.name || CASE WHEN i."unique" THEN ' unique' ELSE '' END || ' ('
            || (SELECT group_concat(coalesce(name, 'expression') || CASE WHEN "desc" THEN ' desc' ELSE '' END || ' ' || coll, ',') FROM (SELECT * FROM pragma_index_xinfo(i.name) WHERE key = 1 ORDER BY seqno))
            || ')' || coalesce((SELECT substr(s.sql, instr(s.sql, ' WHERE ')) FROM sqlite_master s WHERE s.name = i.name AND i.partial), '')
        FROM sqlite_master m, pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin <> 'pk'
        UNION ALL
        SELECT m.name, 'foreign key ' || f."from" || ' -> ' || f."table" || '.' || coalesce(f."to", 'key') || ' on delete ' || f.on_delete
        FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'
        """;

    private const string PostgresSql = """
        SELECT c.relname::text, 'column ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE ' null' END
            || CASE WHEN a.attcollation <> 0 THEN ' collate ' || (SELECT collname FROM pg_collation WHERE oid = a.attcollation) ELSE '' END
            || CASE a.attidentity WHEN '' THEN '' ELSE ' identity' END
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT c.relname::text, 'key ' || pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE c.relnamespace = 'public'::regnamespace AND k.contype IN ('p', 'f')
        UNION ALL
        SELECT t.relname::text, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
        WHERE t.relnamespace = 'public'::regnamespace AND NOT i.indisprimary
        """;

    /// <summary>All lines, sorted, without the tables that the model does not know.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(Database database)
    {
        await using var connection = await database.ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = database.IsSqlite ? SqliteSql : PostgresSql;
        var lines = new List<string>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            if (!rows.IsDBNull(1) && !IsOutsideTheModel(rows))
            {
                lines.Add($"{rows.GetString(0)}: {Spaces().Replace(rows.GetString(1), " ")}");
            }
        }
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static bool IsOutsideTheModel(DbDataReader rows) =>
        rows.GetString(0) is var table && (table.StartsWith("sqlite_", StringComparison.Ordinal)
            || Rules.TablesOutsideTheModel.Any(outside => table == outside || table.StartsWith(outside + "_", StringComparison.Ordinal)));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

using System.Data.Common;

namespace Zinneke.Kernel;

/// <summary>Short forms for prepared SQL, for the few places that pass EF by.</summary>
public static class Sql
{
    /// <summary>Adds a parameter; a UUID is given in the form that this store keeps.</summary>
    public static DbParameter Add(this DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value switch
        {
            null => DBNull.Value,
            Guid id when command is Microsoft.Data.Sqlite.SqliteCommand => id.ToByteArray(true),
            _ => value,
        };
        command.Parameters.Add(parameter);
        return parameter;
    }

    /// <summary>A UUID column of either store.</summary>
    public static Guid GetId(this DbDataReader row, int column) =>
        row is Microsoft.Data.Sqlite.SqliteDataReader ? new Guid((byte[])row.GetValue(column), true) : row.GetGuid(column);

    public static string? GetText(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Zinneke.Kernel;

/// <summary>
/// The one EF Core context. Use cases read with it freely; what they change goes through the Writer, which alone calls SaveChanges.
/// Conventions on both stores: snake_case names, UUIDs as 16 big-endian bytes on SQLite, text compared by code point, a property named <c>Version</c> as
/// concurrency token that this context raises by one on every change.
/// </summary>
public sealed class Store : DbContext
{
    private readonly IReadOnlyList<TableMap> maps;

    public Store(DbContextOptions<Store> options, IReadOnlyList<TableMap> maps) : base(options) => this.maps = maps;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        if (Database.IsSqlite())
        {
            configurationBuilder.Properties<Guid>().HaveConversion<BigEndianGuid>();
        }
        else
        {
            configurationBuilder.Properties<string>().UseCollation("C");
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        foreach (var map in maps)
        {
            map.Build(modelBuilder);
        }
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            NameInSnakeCase(entity);
            CompareByCodePoint(entity);
            if (entity.FindProperty("Version") is { } version && version.ClrType == typeof(long))
            {
                version.IsConcurrencyToken = true;
            }
        }
    }

    /// <summary>Tells models with different tables apart, such as those of tests that add their own; EF would give every context the first one it built.</summary>
    internal sealed class ModelKey : IModelCacheKeyFactory
    {
        public object Create(DbContext context, bool designTime) =>
            (string.Join(',', ((Store)context).maps.Select(map => $"{map.Owner}:{map.Build.Method.DeclaringType}.{map.Build.Method.Name}")), designTime);
    }

    /// <summary>Types of the rows that were added or changed.</summary>
    internal HashSet<Type> Touched { get; } = [];

    /// <summary>Raises the Version of every row about to be written: 1 when added, one more than it was read with when changed.</summary>
    internal void RaiseVersions()
    {
        foreach (var entry in ChangeTracker.Entries())
        {
            if (entry.State is not (EntityState.Added or EntityState.Modified))
            {
                continue;
            }
            Touched.Add(entry.Metadata.ClrType);
            if (entry.Metadata.FindProperty("Version") is not { IsConcurrencyToken: true })
            {
                continue;
            }
            var version = entry.Property("Version");
            version.CurrentValue = entry.State == EntityState.Added ? Math.Max(1L, (long)version.CurrentValue!) : (long)version.OriginalValue! + 1;
        }
    }

    /// <summary>The convention above sees the type of the property; what a converter turns into text is text too.</summary>
    private void CompareByCodePoint(IMutableEntityType entity)
    {
        foreach (var property in Database.IsSqlite() ? [] : entity.GetProperties().Where(p => p.GetValueConverter()?.ProviderClrType == typeof(string)))
        {
            property.SetCollation("C");
        }
    }

    private static void NameInSnakeCase(IMutableEntityType entity)
    {
        foreach (var property in entity.GetProperties())
        {
            property.SetColumnName(SnakeCase(property.Name));
        }
        var table = entity.GetTableName();
        foreach (var key in entity.GetKeys())
        {
            key.SetName($"pk_{table}");
        }
        foreach (var index in entity.GetIndexes())
        {
            index.SetDatabaseName($"{(index.IsUnique ? "ux" : "ix")}_{table}_{string.Join('_', index.Properties.Select(p => SnakeCase(p.Name)))}");
        }
    }

    internal static string SnakeCase(string name)
    {
        var result = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && (char.IsLower(name[i - 1]) || char.IsDigit(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))))
            {
                result.Append('_');
            }
            result.Append(char.ToLowerInvariant(name[i]));
        }
        return result.ToString();
    }
}

using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.House.Tests;

/// <summary>The SQL migrations and the EF model make the same schema, on both stores.</summary>
public partial class MigrationsTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Migrations_make_the_schema_of_the_model(StoreKind kind)
    {
        await using var migrated = await TestStore.NewAsync(kind);
        var folder = Directory.CreateTempSubdirectory("zinneke-model-").FullName;
        var store = await TemplateDatabase.EmptyAsync(kind);
        await using (var database = Database.Of(store, Path.Combine(folder, "zinneke.db"), migrated.Database.Maps))
        {
            await using (var model = database.Open())
            {
                await model.Database.EnsureCreatedAsync();
            }
            var fromSql = await Catalogue.ReadAsync(migrated.Database);
            var fromModel = await Catalogue.ReadAsync(database);
            fromModel.Except(fromSql).Select(line => $"only in the model: {line}")
                .Concat(fromSql.Except(fromModel).Select(line => $"only in the migrations: {line}"))
                .ShouldBeNone($"Migrations/*.sql and Tables.cs must make the same schema on {kind}:");
            fromSql.ShouldNotBeEmpty();
        }
        await TemplateDatabase.DropAsync(store);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Migrations_are_numbered_and_named_after_what_they_make() =>
        Sources.Under("src", ".sql").Where(file => !FileName().IsMatch(file.Path)).Select(file => file.Path)
            .ShouldBeNone("Migrations/0001_what_it_makes.sql (or .sqlite.sql, .postgres.sql):");

    [Fact]
    public void No_two_migrations_of_an_assembly_share_a_number() =>
        Sources.Under("src", ".sql").GroupBy(file => (Path.GetDirectoryName(file.Path), Number: file.Name[..4]))
            .Where(group => group.Select(file => file.Name.Split('.')[0]).Distinct().Count() > 1)
            .Select(group => string.Join(", ", group.Select(file => file.Path)))
            .ShouldBeNone("Two migrations with one number run in an order nobody chose:");

    [Theory, OnSqlite, OnPostgres]
    public async Task Tables_carry_the_prefix_of_their_module(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await using var context = store.Database.Open();
        var owners = store.Database.Maps.ToDictionary(map => map.Assembly, map => map.Owner);
        context.Model.GetEntityTypes()
            .Where(entity => owners.TryGetValue(entity.ClrType.Assembly, out var owner) && owner != "kernel" && entity.GetTableName()?.StartsWith(owner + "_", StringComparison.Ordinal) == false)
            .Select(entity => $"{entity.GetTableName()} of {entity.ClrType.Name}")
            .ShouldBeNone("Tables of a module begin with its name:");
    }

    [GeneratedRegex(@"/Migrations/\d{4}_[a-z0-9_]+(\.sqlite|\.postgres)?\.sql$")]
    private static partial Regex FileName();
}

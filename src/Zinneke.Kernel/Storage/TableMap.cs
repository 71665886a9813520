using System.Reflection;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>What an assembly adds to the one database: how its nouns map to tables, and the SQL migrations that make them.</summary>
/// <param name="Owner">Prefix of the tables and name of the migrations, such as <c>reports</c>. The kernel's own is <c>kernel</c>.</param>
/// <param name="Assembly">Holds the migrations as embedded resources <c>{assembly}.Migrations.{number}_{name}.sql</c>.</param>
/// <param name="Build">Adds the entities to the model.</param>
public sealed record TableMap(string Owner, Assembly Assembly, Action<ModelBuilder> Build);

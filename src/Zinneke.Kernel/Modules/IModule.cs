using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>
/// A service of the city: one assembly that knows the kernel and no other module. The host lists its modules in one file; everything a module offers to others it
/// registers as a contribution (<see cref="Command"/>, <see cref="Setting"/>, <c>MapLayer</c>, <c>Permission</c>, ...) in <see cref="Add"/>.
/// </summary>
public interface IModule
{
    /// <summary>One lower-case word: the prefix of tables, events, permissions and texts.</summary>
    string Name { get; }

    /// <summary>Registers services and contributions. No work is done here: it runs at every start, also of verbs that need nothing.</summary>
    void Add(IServiceCollection services);

    /// <summary>Maps the module's nouns to its tables.</summary>
    void Tables(ModelBuilder model);

    /// <summary>Maps the endpoints.</summary>
    void Map(Doors doors);
}

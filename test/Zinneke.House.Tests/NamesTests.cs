using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Zinneke.House.Tests;

/// <summary>Names say what a thing is, and what is not for others is not shown.</summary>
public partial class NamesTests
{
    [Fact]
    public void No_name_ends_in_an_empty_word() =>
        Types().Where(type => Rules.EmptyWords.Contains(LastWord(type.Name)))
            .Select(type => $"{type.File}: {type.Name}")
            .ShouldBeNone("Say what it is or does; these words fit everything:");

    [Fact]
    public void No_folder_is_called_after_an_empty_word() =>
        Sources.All.SelectMany(file => file.Path.Split('/')[..^1].Where(folder => Rules.EmptyWords.Contains(folder, StringComparer.OrdinalIgnoreCase)).Select(folder => $"{file}: {folder}"))
            .ShouldBeNone("Name the folder after the noun it is about:");

    [Fact]
    public void No_interface_has_a_single_implementation()
    {
        Assembly[] assemblies = [.. Rules.References.Keys.Select(name => Assembly.Load(name))];
        Type[] types = [.. assemblies.SelectMany(assembly => assembly.GetTypes())];
        types.Where(type => type.IsInterface && !Rules.Contracts.Contains(type.Name))
            .Where(contract => types.Count(type => type is { IsInterface: false, IsAbstract: false } && Implements(type, contract)) < 2)
            .Select(contract => contract.FullName!)
            .ShouldBeNone("Use the class itself until there is a second one (or list a contract in Rules.Contracts):");
    }

    /// <summary>The Razor compiler makes components public, and with them what they take.</summary>
    [Fact]
    public void Nothing_in_a_module_is_public_that_no_page_and_no_event_needs()
    {
        foreach (var module in Rules.References.Where(one => one.Key != "Zinneke" && one.Value.Contains("Zinneke.Ui")).Select(one => Assembly.Load(one.Key)))
        {
            var shown = module.GetExportedTypes().Where(type => !type.IsNested && type.Name != "_Imports").ToList();
            var needed = new HashSet<Type>(shown.Where(type => type.GetInterfaces().Any(i => i.Name == "IModule") || IsEvent(type) || IsComponent(type)));
            var looked = new Queue<Type>(needed);
            while (looked.TryDequeue(out var type))
            {
                foreach (var used in SignaturesOf(type).SelectMany(Parts).Where(part => shown.Contains(part) && needed.Add(part)))
                {
                    looked.Enqueue(used);
                }
            }
            shown.Except(needed).Select(type => type.FullName!).ShouldBeNone("Make it internal:");
        }
    }

    [Fact]
    public void Decision_records_are_numbered_without_gaps()
    {
        var numbers = Sources.Under("docs/decisions", ".md").Select(file => DecisionName().Match(file.Name)).ToList();
        numbers.ShouldAllBe(match => match.Success, "docs/decisions/NNNN-title.md");
        numbers.Select(match => int.Parse(match.Groups[1].Value)).Order().ShouldBe(Enumerable.Range(1, numbers.Count));
    }

    private static bool IsEvent(Type type) => type.GetCustomAttributes().Any(mark => mark.GetType().Name == "EventTypeAttribute");

    private static bool IsComponent(Type? type) => type is not null && (type.FullName == "Microsoft.AspNetCore.Components.ComponentBase" || IsComponent(type.BaseType));

    /// <summary>What others see of a type: its bases, and what its public members take and give.</summary>
    private static IEnumerable<Type> SignaturesOf(Type type)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return type.GetInterfaces().Append(type.BaseType).OfType<Type>()
            .Concat(type.GetProperties(Public).Select(property => property.PropertyType)).Concat(type.GetFields(Public).Select(field => field.FieldType))
            .Concat(type.GetConstructors(Public).SelectMany(made => made.GetParameters()).Select(parameter => parameter.ParameterType))
            .Concat(type.GetMethods(Public).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)));
    }

    private static IEnumerable<Type> Parts(Type type) => type.HasElementType ? Parts(type.GetElementType()!) : type.GetGenericArguments().SelectMany(Parts).Append(type);

    private static IEnumerable<(SourceFile File, string Name)> Types() =>
        Sources.CSharp("src").Concat(Sources.CSharp("bench")).Concat(Sources.CSharp("test")).SelectMany(file => file.Tree.GetRoot().DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
            .Select(type => (file, type.Identifier.Text)));

    private static bool Implements(Type type, Type contract) =>
        type.GetInterfaces().Any(i => i == contract || (i.IsGenericType && i.GetGenericTypeDefinition() == contract));

    private static string LastWord(string name) => Word().Matches(name) is { Count: > 0 } words ? words[^1].Value : name;

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex Word();

    [GeneratedRegex("^([0-9]{4})-[a-z0-9-]+\\.md$")]
    private static partial Regex DecisionName();
}

using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Zinneke.Kernel;

/// <summary>Reads <c>zinneke.yaml</c>: nested mappings become dotted names, sequences comma lists, and a mapping under a known name JSON.</summary>
internal static class YamlSettings
{
    /// <exception cref="BadInputException">The file cannot be read or is not a mapping.</exception>
    public static IEnumerable<(string Name, string Value, string Source)> Read(string path, IReadOnlyCollection<string> known)
    {
        var file = Path.GetFileName(path);
        YamlStream yaml = [];
        try
        {
            using var reader = new StreamReader(path);
            yaml.Load(reader);
        }
        catch (YamlException fault)
        {
            throw new BadInputException($"{file} line {fault.Start.Line}: {fault.Message}", fault);
        }
        catch (IOException fault)
        {
            throw new BadInputException($"{file}: cannot be read: {fault.Message}", fault);
        }
        if (yaml.Documents.Count == 0)
        {
            return [];
        }
        return yaml.Documents[0].RootNode is YamlMappingNode root
            ? Flatten(root, "", known, file)
            : throw new BadInputException($"{file} line 1: expected settings as name: value");
    }

    private static IEnumerable<(string Name, string Value, string Source)> Flatten(YamlMappingNode mapping, string prefix, IReadOnlyCollection<string> known, string file)
    {
        foreach (var (key, node) in mapping.Children)
        {
            var name = prefix + ((YamlScalarNode)key).Value;
            var source = $"{file} line {node.Start.Line}";
            switch (node)
            {
                case YamlMappingNode inner when known.Contains(name):
                    yield return (name, JsonSerializer.Serialize(inner.Children.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value.ToString())), source);
                    break;
                case YamlMappingNode inner:
                    foreach (var found in Flatten(inner, name + ".", known, file))
                    {
                        yield return found;
                    }
                    break;
                case YamlSequenceNode list:
                    yield return (name, string.Join(',', list.Children.Select(item => item.ToString())), source);
                    break;
                default:
                    yield return (name, ((YamlScalarNode)node).Value ?? "", source);
                    break;
            }
        }
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace IdentityProvider;

/// <summary>
/// One mapping of a YAML file, read member by member. What is missing, of the wrong shape or left over becomes a sentence with its line; reading goes
/// on, so that a person sees everything at once.
/// </summary>
internal sealed class YamlSection(YamlMappingNode node, string path, List<string> problems, long? line = null)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public string Path => path;

    public void Problem(string problem) => problems.Add($"line {line ?? node.Start.Line}: {path} {problem}");

    public string? Text(string name)
    {
        if (Find(name) is not { } found)
        {
            return null;
        }

        if (found is YamlScalarNode { Value: { Length: > 0 } text })
        {
            return text;
        }

        problems.Add($"line {found.Start.Line}: {path}.{name} must be a text.");
        return null;
    }

    public string RequiredText(string name)
    {
        if (Text(name) is { } text)
        {
            return text;
        }

        Problem($"needs {name}.");
        return "";
    }

    public bool Flag(string name, bool otherwise)
    {
        switch (Find(name))
        {
            case null:
                return otherwise;
            case YamlScalarNode { Value: "true" }:
                return true;
            case YamlScalarNode { Value: "false" }:
                return false;
            case var found:
                problems.Add($"line {found.Start.Line}: {path}.{name} must be true or false.");
                return otherwise;
        }
    }

    public string[] Texts(string name)
    {
        switch (Find(name))
        {
            case null:
                return [];
            case YamlSequenceNode list when list.All(item => item is YamlScalarNode { Value.Length: > 0 }):
                return [.. list.Select(item => ((YamlScalarNode)item).Value!)];
            case var found:
                problems.Add($"line {found.Start.Line}: {path}.{name} must be a list of texts.");
                return [];
        }
    }

    /// <summary>The member as a JSON object; texts stay texts, and so do numbers in quotes.</summary>
    public JsonObject? Json(string name)
    {
        switch (Find(name))
        {
            case null:
                return null;
            case YamlMappingNode found:
                return ObjectOf(found);
            case var found:
                problems.Add($"line {found.Start.Line}: {path}.{name} must be a mapping.");
                return null;
        }
    }

    /// <summary>The members of a mapping of mappings, each under its name.</summary>
    /// <param name="listMember">When given, a bare list stands for the mapping that has it under this name.</param>
    public IEnumerable<(string Name, YamlSection Section)> Sections(string name, string? listMember = null)
    {
        foreach (var (key, value) in Members(name))
        {
            if (value is YamlMappingNode mapping)
            {
                yield return (key, new YamlSection(mapping, $"{name}.{key}", problems));
            }
            else if (value is YamlSequenceNode list && listMember is not null)
            {
                yield return (key, new YamlSection(new YamlMappingNode(new YamlScalarNode(listMember), list), $"{name}.{key}", problems, list.Start.Line));
            }
            else
            {
                problems.Add($"line {value.Start.Line}: {name}.{key} must be a mapping.");
            }
        }
    }

    /// <summary>Says of every member that nobody read that it is none.</summary>
    public void RefuseTheRest()
    {
        foreach (var key in node.Children.Keys.Where(key => key is not YamlScalarNode { Value: { } name } || !_read.Contains(name)))
        {
            problems.Add($"line {key.Start.Line}: {(path.Length > 0 ? path + "." : "")}{key} is not known.");
        }
    }

    private IEnumerable<(string Name, YamlNode Value)> Members(string name)
    {
        switch (Find(name))
        {
            case null:
                return [];
            case YamlMappingNode mapping:
                return mapping.Children.Where(child => child.Key is YamlScalarNode).Select(child => (((YamlScalarNode)child.Key).Value!, child.Value));
            case var found:
                problems.Add($"line {found.Start.Line}: {name} must be a mapping.");
                return [];
        }
    }

    private YamlNode? Find(string name)
    {
        _read.Add(name);
        return node.Children.TryGetValue(new YamlScalarNode(name), out var found) ? found : null;
    }

    private static JsonObject ObjectOf(YamlMappingNode mapping)
    {
        var json = new JsonObject();
        foreach (var (key, value) in mapping.Children)
        {
            json[key.ToString()] = NodeOf(value);
        }

        return json;
    }

    private static JsonNode? NodeOf(YamlNode value) => value switch
    {
        YamlMappingNode mapping => ObjectOf(mapping),
        YamlSequenceNode list => new JsonArray([.. list.Select(NodeOf)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } flag => flag.Value == "true",
        YamlScalarNode { Style: ScalarStyle.Plain } scalar when long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        YamlScalarNode scalar => scalar.Value,
        _ => null,
    };
}

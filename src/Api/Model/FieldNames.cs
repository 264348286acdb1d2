// Names of the schema that C# does not have: plurals, enums and their values. Always holds: a name follows from a
// declaration alone, so that it changes only when the declaration changes.
using System.Text;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;
using EventSourced.Projections;

namespace EventSourced.Api.Model;

/// <summary>Makes names of the schema.</summary>
internal static class FieldNames
{
    // English has no plural for several of these words.
    private static readonly HashSet<string> WithoutPlural = ["AgentMetadata", "Evidence"];

    private static readonly Dictionary<Type, string> Owners = ReadModels.All
        .Where(model => model.Fold.StateType.DeclaringType is not null)
        .DistinctBy(model => model.Fold.StateType.DeclaringType)
        .ToDictionary(model => model.Fold.StateType.DeclaringType!, model => model.TypeName);

    /// <summary>The root field of one row: <c>task</c>.</summary>
    internal static string Single(string typeName) => char.ToLowerInvariant(typeName[0]) + typeName[1..];

    /// <summary>The root field of many rows: <c>tasks</c>, <c>bounties</c>, <c>allEvidence</c>.</summary>
    internal static string Many(string typeName)
    {
        if (WithoutPlural.Contains(typeName) || typeName.EndsWith('s')) return $"all{typeName}";
        var single = Single(typeName);
        return single.EndsWith('y') ? $"{single[..^1]}ies" : $"{single}s";
    }

    /// <summary>The name of an enum, <c>TaskStatus</c>: the name of its aggregate and its own.</summary>
    internal static string EnumName(Type type)
    {
        // The one enum of no aggregate: every move of money has it.
        if (type == typeof(Reason)) return "TransferReason";
        var owner = type.DeclaringType
            ?? throw new ArgumentException($"expected an enum of an aggregate, found {type}", nameof(type));
        return (Owners.GetValueOrDefault(owner) ?? owner.Name.TrimEnd('s')) + type.Name;
    }

    /// <summary>The name of an enum's value: <c>InReview</c> is <c>IN_REVIEW</c>.</summary>
    internal static string EnumValue(string name) => SnakeCase.Upper(name);
}

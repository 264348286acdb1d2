// CLR names to stored names, by the rule that Marten calls ClassicTypeName: words begin where the case changes, are
// joined by underscores and lowered. Stored names never change, so neither does this rule.
using System.Text.RegularExpressions;

namespace EventSourced.EventStore.Json;

/// <summary>Marten's rule for the stored names of events and aggregates.</summary>
public static partial class MartenNaming
{
    /// <summary>The alias of a CLR type: <c>OrderPlaced</c> is <c>order_placed</c>.</summary>
    public static string Alias(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (type.IsGenericType)
            throw new ArgumentException(
                $"expected an explicit alias for a generic type, found {type.FullName} without one");
        var words = WordAfterCapitals().Replace(type.Name, "$1 $2");
        words = WordAfterSmallLetter().Replace(words, "$1 $2");
#pragma warning disable CA1308 // the stored form is lower case
        return words.ToLowerInvariant().Replace(' ', '_');
#pragma warning restore CA1308
    }

    /// <summary>The name in <c>mt_dotnet_type</c>: full name and assembly, without version or key.</summary>
    public static string DotNetTypeName(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return $"{type.FullName}, {type.Assembly.GetName().Name}";
    }

    [GeneratedRegex(@"(\P{Ll})(\P{Ll}\p{Ll})")]
    private static partial Regex WordAfterCapitals();

    [GeneratedRegex(@"(\p{Ll})(\P{Ll})")]
    private static partial Regex WordAfterSmallLetter();
}

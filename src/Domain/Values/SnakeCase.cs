// CamelCase to snake_case, for every stored or served name that follows from a name in C#. Always holds: a run of
// capitals is one word with what follows it. Names of stored events follow from this rule, so it never changes.
using System.Text;

namespace EventSourced.Domain.Values;

/// <summary>Makes names in snake case.</summary>
public static class SnakeCase
{
    /// <summary><c>CreatedAt</c> to <c>created_at</c>; <c>URIUpdated</c> to <c>uriupdated</c>.</summary>
    public static string Lower(string name) => Of(name, char.ToLowerInvariant);

    /// <summary><c>InReview</c> to <c>IN_REVIEW</c>.</summary>
    public static string Upper(string name) => Of(name, char.ToUpperInvariant);

    private static string Of(string name, Func<char, char> cased)
    {
        ArgumentNullException.ThrowIfNull(name);
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && !char.IsUpper(name[i - 1])) text.Append('_');
            text.Append(cased(name[i]));
        }

        return text.ToString();
    }
}

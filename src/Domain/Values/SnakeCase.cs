// CamelCase to snake_case, for every stored or served name that follows from a name in C#. Always holds: equal names
// in, equal names out; a run of capitals is one word, so that no name gains an underscore a letter.
using System.Text;

namespace EventSourced.Domain;

/// <summary>Makes names in snake case.</summary>
public static class SnakeCase
{
    /// <summary><c>CreatedAt</c> to <c>created_at</c>; <c>HTTPCode</c> to <c>http_code</c>.</summary>
    public static string Lower(string name) => Of(name, char.ToLowerInvariant);

    /// <summary><c>InReview</c> to <c>IN_REVIEW</c>.</summary>
    public static string Upper(string name) => Of(name, char.ToUpperInvariant);

    private static string Of(string name, Func<char, char> cased)
    {
        ArgumentNullException.ThrowIfNull(name);
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            var starts = i > 0 && char.IsUpper(name[i])
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (starts) text.Append('_');
            text.Append(cased(name[i]));
        }

        return text.ToString();
    }
}

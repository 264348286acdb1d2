// Why a request is not granted, as clients get it: a status of HTTP, a code that never changes, what was expected, what
// was found. Enters: refusals of every check. Leaves: values for problem+json and for MCP. Always holds: a text of a
// client is shown cut and without control characters; nothing of our own insides (statements, addresses of nodes,
// stacks) stands in it.
using System.Text;
using EventSourced.Domain.Folding;

namespace EventSourced.Api.Commands.Checks;

/// <summary>Why not.</summary>
/// <param name="Status">The status of HTTP.</param>
/// <param name="Code">The condition; never rename.</param>
/// <param name="Expected">The condition that would be right.</param>
/// <param name="Found">The condition that holds instead.</param>
internal sealed record Problem(int Status, string Code, string Expected, string Found)
{
    private const int MostShown = 80;

    /// <summary>The place in the body: <c>arguments.terms.maxPrice</c>.</summary>
    public string? Where { get; init; }

    /// <summary>When to come again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The arguments of a contract's error, by name.</summary>
    public IReadOnlyDictionary<string, string>? Arguments { get; init; }

    /// <summary>The limit that was hit, by name.</summary>
    public string? Limit { get; init; }

    /// <summary>The block up to which the state was known that decided it.</summary>
    public ulong? Block { get; init; }

    /// <summary>A body that does not fit.</summary>
    public static Problem Malformed(string where, string expected, string found, string code = "WrongBody") =>
        new(400, code, expected, found) { Where = where };

    /// <summary>A refusal of the domain.</summary>
    public static Problem Refused(Refusal refusal, ulong? block) =>
        new(422, refusal.Code, refusal.Expected, refusal.Found) { Block = block };

    /// <summary>A signature that does not count.</summary>
    public static Problem Unsigned(string code, string expected, string found) => new(403, code, expected, found);

    /// <summary>A text of a client, fit to be shown.</summary>
    public static string Shown(string text)
    {
        var shown = new StringBuilder(Math.Min(text.Length, MostShown) + 4).Append('\'');
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length > MostShown)
            {
                shown.Append('…');
                break;
            }

            shown.Append(Rune.IsControl(rune) ? Rune.ReplacementChar : rune);
        }

        return shown.Append('\'').ToString();
    }
}

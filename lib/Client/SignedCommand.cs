// A signed command. Enters: a signer's signature, and a key made once. Leaves: the same bytes, as often as they are
// handed in. Always holds: key and body never part, so a server that has one knows the other; a caller may keep it on
// disk and hand it in after a crash.
using System.Text.Json;

namespace EventSourced.Client;

/// <summary>A command that was signed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IdempotencyKey">The key under which a server takes it once.</param>
/// <param name="Path">The address at which it is handed in.</param>
/// <param name="Body">The body.</param>
public sealed record SignedCommand(string Name, string IdempotencyKey, string Path, string Body)
{
    /// <summary>As text, to be kept.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, AnswerJson.Default.SignedCommand);

    /// <summary>Reads a kept command.</summary>
    public static SignedCommand Parse(string text) => JsonSerializer.Deserialize(text, AnswerJson.Default.SignedCommand)
        ?? throw new FormatException("expected a signed command, found nothing");

    /// <summary>A key that nobody has.</summary>
    internal static string NewKey() => Guid.NewGuid().ToString("N");
}

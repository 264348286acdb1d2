// What an asker wishes of its webhooks, signed by itself. Enters: JSON. Leaves: the wish, proven to be the asker's, or
// the problem. Always holds: what is signed is a text for people (EIP-191) that names action, subject, chain, forwarder
// and deadline, so a signature for another economy, another action or another time does not count.
using System.Globalization;
using System.Text.Json;
using EventSourced.Api.Commands.Limits;
using EventSourced.Commands;
using EventSourced.Ethereum;

namespace EventSourced.Api.Commands.Checks;

/// <summary>A signed wish.</summary>
/// <param name="Asker">Whose webhooks.</param>
/// <param name="Subject">An address of the web to add, an id to remove; empty where all are listed.</param>
/// <param name="Digest">What was signed.</param>
internal sealed record WebhookWish(Address Asker, string Subject, Hash32 Digest)
{
    /// <summary>Adds an address.</summary>
    public const string Add = "add";

    /// <summary>Lists the addresses.</summary>
    public const string List = "list";

    /// <summary>Removes an address.</summary>
    public const string Remove = "remove";

    /// <summary>The text that an asker signs; docs/commands/README.md tells it to clients; never change.</summary>
    public static string Text(string action, string subject, ulong deadline, Economy economy) => string.Create(
        CultureInfo.InvariantCulture,
        $"EventSourced webhooks\n{action} {(subject.Length > 0 ? subject : "all")}\nchain {economy.ChainId}\n"
        + $"forwarder {economy.Forwarder}\ndeadline {deadline}");

    /// <summary>Reads a wish and checks its signature.</summary>
    public static (WebhookWish? Wish, Problem? Problem) Read(
        JsonElement body, string action, Economy economy, DateTimeOffset now)
    {
        var member = action switch { Add => "address", Remove => "id", _ => null };
        var members = member is null
            ? new Members(body, "", "asker", "deadline", "signature")
            : new Members(body, "", "asker", "deadline", "signature", member);
        var (asker, deadline, signed) = (
            members.Address("asker"), members.Number("deadline"), members.Bytes("signature"));
        var subject = member is null ? "" : members.Text(member);
        if ((members.Problem ?? OfSubject(action, subject) ?? OfDeadline(deadline, now)) is { } wrong)
            return (null, wrong);
        if (!Signature.TryParse(signed, out var signature, out var fault)) return (null, SignatureCheck.Named(fault));
        var digest = SignedMessage.Hash(Text(action, subject, deadline, economy));
        return signature.TryRecover(digest, out var signer, out _) && signer == asker
            ? (new WebhookWish(asker, subject, digest), null)
            : (null, Problem.Unsigned("SignatureForged", $"the signature of {asker} under the text of this wish",
                $"one of {signer}, or under another text"));
    }

    // What the text holds is on one line and visible: nobody signs a line that was slipped in.
    private static Problem? OfSubject(string action, string subject) => action switch
    {
        Add when subject.Any(c => c is < '!' or > '~') || !Uri.TryCreate(subject, UriKind.Absolute, out var address)
            || !Webhooks.IsFit(address) => Problem.Malformed("address",
                $"https, a public host, no credentials, at most {Webhooks.MostAddress} visible characters of ASCII",
                Problem.Shown(subject)),
        Remove when !Guid.TryParseExact(subject, "D", out _) =>
            Problem.Malformed("id", "the id of a webhook", Problem.Shown(subject)),
        _ => null,
    };

    private static Problem? OfDeadline(ulong deadline, DateTimeOffset now)
    {
        var seconds = (ulong)now.ToUnixTimeSeconds();
        if (deadline <= seconds)
            return Problem.Unsigned("DeadlinePassed", $"a deadline after {seconds}", $"{deadline}");
        var most = LimitTable.SignedLife;
        return deadline - seconds <= (ulong)most.Most ? null
            : new Problem(most.Status, most.Code, $"1 to {most.Most} seconds", $"{deadline - seconds}")
            {
                Limit = most.Name,
            };
    }
}

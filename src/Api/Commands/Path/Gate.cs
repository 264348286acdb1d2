// Who may come in now. Enters: a caller, and a signed command. Leaves: nothing, or the limit that stands against it.
// Always holds: an identity is counted only after it has proven that it is one; who trusts nobody but its own networks
// counts everybody else.
using EventSourced.Api.Commands.Checks;
using EventSourced.Api.Commands.Limits;
using EventSourced.Commands;
using EventSourced.Ethereum;

namespace EventSourced.Api.Commands.Path;

/// <summary>Lets in.</summary>
internal sealed class Gate(Buckets buckets, CommandOptions options)
{
    private static readonly HashSet<string> Registrations =
        ["agents.register", "agents.registerBare", "agents.registerWithMetadata"];

    private readonly AtOnce _identities = new(LimitTable.PerIdentity);

    /// <summary>A place among the requests of an identity; null: there is none.</summary>
    public AtOnce.Place? Enter(Address identity) => _identities.Enter(identity.ToString());

    /// <summary>Takes the tokens of a request that prepares or asks.</summary>
    public async Task<Problem?> PassAsync(Caller caller, CancellationToken cancellation) => caller.IsTrusted
        ? null
        : Of(await buckets.TakeAsync(
            [new Token(LimitTable.Requests, caller.Network)], 0, cancellation).ConfigureAwait(false));

    /// <summary>Takes the tokens of a command whose signer is known.</summary>
    public async Task<Problem?> AdmitAsync(Caller caller, SignedWish wish, CancellationToken cancellation)
    {
        if (options.Allowed.Count > 0 && !options.Allowed.Contains(wish.Sender))
            return Problem.Unsigned("NotAllowed", "an identity that this place lets in", $"{wish.Sender}");
        if (caller.IsTrusted) return null;
        var tokens = new List<Token> { new(LimitTable.Submissions, wish.Sender.ToString()) };
        if (Registrations.Contains(wish.Entry.Name) && wish.Payload is Payload.Forward) tokens.Add(
            new Token(LimitTable.Registrations, caller.Network));
        if (wish.Entry.Name == "tasks.create") tokens.Add(new Token(LimitTable.Tasks, wish.Sender.ToString()));
        return Of(await buckets.TakeAsync(tokens, 0, cancellation).ConfigureAwait(false));
    }

    /// <summary>Takes the tokens of a signed wish that is no command.</summary>
    public async Task<Problem?> AdmitAsync(Caller caller, Address identity, CancellationToken cancellation)
    {
        if (options.Allowed.Count > 0 && !options.Allowed.Contains(identity))
            return Problem.Unsigned("NotAllowed", "an identity that this place lets in", $"{identity}");
        return caller.IsTrusted
            ? null
            : Of(await buckets.TakeAsync(
                [new Token(LimitTable.Submissions, $"{identity}")], 0, cancellation).ConfigureAwait(false));
    }

    /// <summary>Lets a signature count once, for everybody: trust is no reason to take it twice.</summary>
    public async Task<Problem?> OnceAsync(Hash32 digest, CancellationToken cancellation) =>
        await buckets.TakeAsync(
            [new Token(LimitTable.SignatureUse, $"{digest}")], 0, cancellation).ConfigureAwait(false) is null
            ? null
            : Problem.Unsigned("SignatureUsed", "a signature that was not used before", "one that was");

    /// <summary>Counts a signature that is not its sender's.</summary>
    public async Task<Problem?> ForgedAsync(Caller caller, CancellationToken cancellation) => caller.IsTrusted
        ? null
        : Of(await buckets.TakeAsync([new Token(LimitTable.Requests, caller.Network)], LimitTable.ForgeryStrikes,
            cancellation).ConfigureAwait(false));

    /// <summary>The refusal of somebody who has too many requests at one time.</summary>
    public static Problem TooMany(
        Limit limit) => new(limit.Status, limit.Code, $"at most {limit.Most} {limit.Unit} at one time", "more")
        {
            Limit = limit.Name,
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    /// <summary>The refusal of a deadline that is too far ahead, or none.</summary>
    public static Problem OutOfLife(ulong seconds) =>
        new(LimitTable.Life.Status, LimitTable.Life.Code, $"1 to {LimitTable.Life.Most} seconds",
            $"{seconds}")
        { Limit = LimitTable.Life.Name };

    /// <summary>The refusal of an empty bucket.</summary>
    public static Problem? Of(Shortage? shortage) => shortage is null ? null : new Problem(
        429, shortage.IsBanned ? "Banned" : "TooManyRequests",
        $"at most {shortage.Bucket.Tokens} in {shortage.Bucket.Every}, {shortage.Bucket.Burst} at once, of one {shortage.Bucket.Of}", "more")
    {
        Limit = shortage.Bucket.Name,
        RetryAfter = shortage.RetryAfter,
    };
}

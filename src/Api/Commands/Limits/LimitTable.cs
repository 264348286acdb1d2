// Every limit of the commands, once. Enters: nothing. Leaves: limits by name, for the code that keeps them and for the
// page that tells them: docs/security/agent_abuse_controls.md is written from here, and a test compares. Always holds:
// a refusal names its limit.
using EventSourced.Commands;

namespace EventSourced.Api.Commands.Limits;

/// <summary>A bound on one request or on the process.</summary>
/// <param name="Name">The name that refusals carry; never rename.</param>
/// <param name="Most">The most.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Status">The status of HTTP of its refusal.</param>
/// <param name="Code">The code of its refusal.</param>
/// <param name="Words">What it bounds.</param>
internal sealed record Limit(string Name, long Most, string Unit, int Status, string Code, string Words);

/// <summary>A bucket of tokens: each request takes one.</summary>
/// <param name="Name">The name that refusals carry and keys begin with. Stored; never rename.</param>
/// <param name="Of">Whose: an address of the network, or an identity.</param>
/// <param name="Tokens">How many come back.</param>
/// <param name="Every">In which time.</param>
/// <param name="Burst">How many it holds.</param>
/// <param name="Words">What takes one.</param>
internal sealed record Bucket(string Name, string Of, int Tokens, TimeSpan Every, int Burst, string Words)
{
    /// <summary>Tokens a second.</summary>
    public double Rate => Tokens / Every.TotalSeconds;
}

/// <summary>The limits.</summary>
internal static class LimitTable
{
    public const string Network = "network address";
    public const string Identity = "identity";

    public static Limit Body { get; } =
        new("BODY_BYTES", 160 * 1024, "bytes", 413, "BodyTooLarge", "the body of one command, before it is parsed");

    public static Limit BatchBody { get; } =
        new("BATCH_BYTES", 1024 * 1024, "bytes", 413, "BodyTooLarge", "the body of a batch, before it is parsed");

    public static Limit Depth { get; } = new(
        "DEPTH", 12, "levels", 400, "InvalidJson", "how deep objects and lists nest, while it is parsed");

    public static Limit Items { get; } = new(
        "ITEMS", 256, "items", 400, "TooManyItems", "one list among the arguments");

    public static Limit BatchItems { get; } = new(
        "BATCH_ITEMS", 32, "commands", 400, "TooManyItems", "the commands of one batch");

    public static Limit Key { get; } =
        new("IDEMPOTENCY_KEY", 128, "characters", 400, "WrongIdempotencyKey",
            "the header Idempotency-Key: visible ASCII");

    public static Limit Data { get; } = new(
        "CALL_BYTES", 64 * 1024, "bytes", 413, "CallTooLarge", "the call of a request or of a transaction");

    public static Limit Gas { get; } = new(
        "REQUEST_GAS", 8_000_000, "gas", 422, "GasOutOfBounds", "the gas of a relayed request");

    public static Limit Life { get; } =
        new("REQUEST_SECONDS", 86_400, "seconds", 422, "DeadlineOutOfBounds",
            "how far ahead the deadline of a relayed request may be");

    public static Limit PerNetwork { get; } =
        new("CONCURRENT_NETWORK", 64, "requests", 429, "TooManyAtOnce", "requests at one time of one network address");

    public static Limit PerIdentity { get; } =
        new("CONCURRENT_IDENTITY", 16, "requests", 429, "TooManyAtOnce",
            "relayed requests at one time of one identity");

    public static Limit InAll { get; } = new(
        "CONCURRENT", 512, "requests", 503, "Busy", "requests at one time of the process");

    public static Limit Watchers { get; } = new(
        "WATCHERS", 2_000, "streams", 503, "Busy", "streams of events of commands at one time of the process");

    public static Limit Lateness { get; } = new(
        "LATENESS", 2_000, "milliseconds", 503, "Busy",
        "how late database pool and threads may be; above, commands are refused and reads are answered still");

    public static Limit Held { get; } = new(
        "REFUSALS_HELD", 1_024, "refusals", 429, "TooManyAtOnce",
        "refusals with 429 or 503 that are told a quarter of a second late, so that a caller that never pauses leaves "
            + "the processor to others; one more is told at once");

    public static Limit SignedLife { get; } =
        new("SIGNED_SECONDS", 600, "seconds", 422, "DeadlineOutOfBounds",
            "how far ahead the deadline of a signed wish about webhooks may be");

    public static Limit WebhooksOfAsker { get; } = new(
        "WEBHOOKS_IDENTITY", Webhooks.MostOfAsker, "webhooks", 422, "TooManyWebhooks",
        "addresses of the web that are told of one asker's commands");

    /// <summary>The limits of one request and of the process.</summary>
    public static IReadOnlyList<Limit> All { get; } =
        [Body, BatchBody, Depth, Items, BatchItems, Key, Data, Gas, Life, PerNetwork, PerIdentity, InAll, Watchers,
            Lateness, Held, SignedLife, WebhooksOfAsker];

    public static Bucket Requests { get; } =
        new("REQUESTS_NETWORK", Network, 10, TimeSpan.FromSeconds(1), 20,
            "every request, also one that prepares or asks");

    public static Bucket Submissions { get; } =
        new("SUBMISSIONS_IDENTITY", Identity, 10, TimeSpan.FromSeconds(1), 20,
            "every command that its signer has proven to be its own");

    public static Bucket Registrations { get; } =
        new("REGISTRATIONS_NETWORK", Network, 1, TimeSpan.FromHours(1), 1,
            "every relayed agents.register, agents.registerBare and agents.registerWithMetadata");

    public static Bucket Tasks { get; } =
        new("TASKS_IDENTITY", Identity, 100, TimeSpan.FromDays(1), 100,
            "every tasks.create that its signer has proven to be its own");

    // Fuller than the deadline allows: a signature comes back when it does not count any more.
    public static Bucket SignatureUse { get; } =
        new("SIGNATURE_USE", "signature", 1, TimeSpan.FromSeconds(2 * SignedLife.Most), 1,
            "every signed wish that adds a webhook; the second one is 403 `SignatureUsed`");

    public static Bucket Uploads { get; } =
        new("UPLOADS_NETWORK", Network, 60, TimeSpan.FromMinutes(1), 120,
            "every blob that is put to `/v1/content` or added below `/api/v0`");

    public static Bucket Fetches { get; } =
        new("FETCHES_NETWORK", Network, 30, TimeSpan.FromMinutes(1), 30,
            "every request for content that is missing here and is asked of peers");

    /// <summary>The buckets.</summary>
    public static IReadOnlyList<Bucket> Buckets { get; } =
        [Requests, Submissions, Registrations, Tasks, SignatureUse, Uploads, Fetches];

    /// <summary>
    /// From how many strikes on a key is on the grey list: its buckets fill at a quarter of their rate.
    /// </summary>
    public const double GreyFrom = 20;

    /// <summary>The share of the rate that is left to a key on the grey list.</summary>
    public const double GreyShare = 0.25;

    /// <summary>From how many strikes on a key is banned.</summary>
    public const double BanFrom = 100;

    /// <summary>How long a ban lasts.</summary>
    public static TimeSpan Ban { get; } = TimeSpan.FromMinutes(15);

    /// <summary>The time in which one strike is forgotten.</summary>
    public static TimeSpan StrikeLife { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The strikes of a signature that is not its sender's.</summary>
    public const int ForgeryStrikes = 5;

    /// <summary>How late a refusal of a caller that asks too much is told.</summary>
    public static TimeSpan Hold { get; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a bucket that nobody asks for is kept.</summary>
    public static TimeSpan Kept { get; } = TimeSpan.FromDays(2);
}

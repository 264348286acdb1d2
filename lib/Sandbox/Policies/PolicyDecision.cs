// The answer of a policy. Enters: decision JSON as the policy wrote it. Leaves: a value. Always holds: allow is true
// only when the policy said so in JSON that reads without doubt; a policy that failed has decided against.
using System.Text.Json;

namespace EventSourced.Sandbox.Policies;

/// <summary>A decision and its cost.</summary>
/// <param name="Allow">Whether the policy allows.</param>
/// <param name="Reason">The rule that decided, in the policy's words; "policy_failed" where it did not decide.</param>
/// <param name="Fault">Why the policy did not decide, or null where it did.</param>
/// <param name="FuelUsed">The fuel that the evaluation consumed: equal for equal input on every machine.</param>
public sealed record PolicyDecision(bool Allow, string Reason, string? Fault, long FuelUsed)
{
    /// <summary>The reason of a policy that did not decide; stored, never rename.</summary>
    public const string FailedReason = "policy_failed";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    internal static PolicyDecision Failed(string fault, long fuelUsed) => new(false, FailedReason, fault, fuelUsed);

    internal static PolicyDecision Parse(ReadOnlyMemory<byte> json, long fuelUsed)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("allow", out var allow)
                && allow.ValueKind is JsonValueKind.True or JsonValueKind.False
                && root.TryGetProperty("reason", out var reason)
                && reason.ValueKind == JsonValueKind.String)
            {
                return new PolicyDecision(allow.GetBoolean(), reason.GetString()!, null, fuelUsed);
            }

            return Failed(
                "expected a decision with allow (a boolean) and reason (text), found another shape", fuelUsed);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return Failed($"expected a decision as JSON, found: {unreadable.Message}", fuelUsed);
        }
    }
}

// The settings of policies over commands, checked. Enters: the layers. Leaves: CIDs and terms, or complaints in the
// layers. Always holds: a policy is a module among the content, so without content there is none.
using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourced.Content;

namespace EventSourced.Host.Settings;

/// <summary>The operator's policies.</summary>
/// <param name="Tasks">The policy about new tasks.</param>
/// <param name="Bids">The policy about bids.</param>
/// <param name="Data">The policy about purposes of data.</param>
/// <param name="Terms">The JSON that is added to each input.</param>
public sealed record PolicySettings(Cid? Tasks, Cid? Bids, Cid? Data, JsonObject Terms)
{
    private const int MostTerms = 16 * 1024;

    internal static PolicySettings? Read(Layers layers)
    {
        var found = new PolicySettings(
            Module(layers, Setting.PolicyTasks), Module(layers, Setting.PolicyBids), Module(layers, Setting.PolicyData),
            ReadTerms(layers));
        if ((found.Tasks ?? found.Bids ?? found.Data) is null) return null;
        if (layers.Find(Setting.Content) is null)
            layers.Complain(
                Setting.Content, "a folder of content, in which policies are found", "nothing",
                $"flag {Setting.Content.Flag}, environment variable {Setting.Content.Variable}");
        return found;
    }

    private static Cid? Module(Layers layers, Setting setting)
    {
        if (layers.Find(setting) is not { } given) return null;
        if (Cid.TryParse(given.Text, out var cid) && cid.IsRawBlock) return cid;
        layers.Complain(setting, "the CID of a module: version 1, raw, sha2-256", $"'{given.Text}'", given.Where);
        return null;
    }

    private static JsonObject ReadTerms(Layers layers)
    {
        if (layers.Find(Setting.PolicyTerms) is not { } given) return [];
        try
        {
            if (new FileInfo(given.Text).Length <= MostTerms
                && JsonNode.Parse(File.ReadAllBytes(given.Text)) is JsonObject terms) return terms;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            // The complaint below reports it.
        }

        layers.Complain(
            Setting.PolicyTerms, $"a file with an object of JSON, at most {MostTerms} bytes", given.Text, given.Where);
        return [];
    }
}

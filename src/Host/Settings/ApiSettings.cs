// The settings of the read API, checked. Enters: the layers. Leaves: options, or complaints in the layers.
using EventSourced.Api;
using EventSourced.Api.Options;
using EventSourced.GraphQL.Limits;

namespace EventSourced.Host.Settings;

/// <summary>Reads the API's settings.</summary>
internal static class ApiSettings
{
    private const int Most = 100_000_000;
    private const int MostConnections = 1_000;
    private const int MostDepth = 60;

    internal static ApiOptions Read(Layers layers)
    {
        var usual = new ApiOptions();
        return usual with
        {
            Limits = ReadLimits(layers, usual.Limits),
            MaxConnections = HostSettings.Number(
                layers, Setting.ApiConnections, usual.MaxConnections, 2, MostConnections),
            MaxSubscriptions = HostSettings.Number(
                layers, Setting.ApiSubscriptionsInAll, usual.MaxSubscriptions, 0, Most),
            CorsOrigins = [.. ReadOrigins(layers)],
            GraphiQLPackages = layers.Find(Setting.GraphiQL)?.Text,
            DashboardPackages = layers.Find(Setting.Dashboard)?.Text,
            Archive = layers.Find(Setting.Archive)?.Text is { } archive
                && !archive.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? archive : null,
            TrustedDocuments = ReadFolder(layers, Setting.TrustedDocuments),
            OnlyTrustedDocuments = ReadYes(layers, Setting.OnlyTrusted),
        };
    }

    private static RequestLimits ReadLimits(Layers layers, RequestLimits usual) => usual with
    {
        Timeout = TimeSpan.FromMilliseconds(
            HostSettings.Number(layers, Setting.ApiTimeMs, (int)usual.Timeout.TotalMilliseconds, 1, Most)),
        MaxCost = HostSettings.Number(layers, Setting.ApiCost, (int)usual.MaxCost, 1, Most),
        MaxDepth = HostSettings.Number(layers, Setting.ApiDepth, usual.MaxDepth, 1, MostDepth),
        MaxListSize = HostSettings.Number(layers, Setting.ApiListSize, usual.MaxListSize, 1, Most),
        MaxAliases = HostSettings.Number(layers, Setting.ApiAliases, usual.MaxAliases, 0, Most),
        MaxRequestBytes = HostSettings.Number(layers, Setting.ApiRequestBytes, usual.MaxRequestBytes, 1, Most),
        MaxSubscriptionsPerConnection = HostSettings.Number(
            layers, Setting.ApiSubscriptions, usual.MaxSubscriptionsPerConnection, 1, Most),
        MaxQueuedResults = HostSettings.Number(layers, Setting.ApiQueue, usual.MaxQueuedResults, 1, Most),
    };

    private static IEnumerable<string> ReadOrigins(Layers layers)
    {
        if (layers.Find(Setting.ApiOrigins) is not { } given) yield break;
        foreach (var origin in given.Values)
        {
            var isOrigin = origin == "*" || (Uri.TryCreate(origin, UriKind.Absolute, out var address)
                && address.Scheme is "http" or "https" && $"{address.Scheme}://{address.Authority}" == origin);
            if (isOrigin) yield return origin;
            else layers.Complain(
                Setting.ApiOrigins, "an origin, as https://example.org, or *", $"'{origin}'", given.Where);
        }
    }

    private static string? ReadFolder(Layers layers, Setting setting)
    {
        if (layers.Find(setting) is not { } given) return null;
        if (!Directory.Exists(given.Text)) layers.Complain(setting, "a folder", $"no folder {given.Text}", given.Where);
        return given.Text;
    }

    /// <summary>Yes or no; no by default.</summary>
    internal static bool ReadYes(Layers layers, Setting setting)
    {
        if (layers.Find(setting) is not { } given) return false;
        if (given.Text is not ("yes" or "no")) layers.Complain(setting, "yes or no", $"'{given.Text}'", given.Where);
        return given.Text == "yes";
    }
}

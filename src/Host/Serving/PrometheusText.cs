// Observable instruments of some meters in Prometheus' text format. Enters: meters. Leaves: one text per scrape, read at that moment. Always holds:
// a family has its HELP and TYPE once, before its samples; counters end in _total; units stand in the name; labels are escaped.
// Format: https://prometheus.io/docs/instrumenting/exposition_formats/
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace EventSourced.Host.Serving;

/// <summary>Writes /metrics.</summary>
public sealed class PrometheusText : IDisposable
{
    /// <summary>The content type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly Lock _scraping = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);

    /// <summary>Listens to meters.</summary>
    public PrometheusText(params IReadOnlyList<Meter> meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (meters.Contains(instrument.Meter) && instrument.IsObservable) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Reads every instrument, and writes it.</summary>
    public string Scrape()
    {
        lock (_scraping)
        {
            _families.Clear();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (var (name, family) in _families)
            {
                text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {Escape(family.Help, isLabel: false)}\n# TYPE {name} {family.Type}\n");
                foreach (var (labels, value) in family.Samples) text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {Number(value)}\n");
            }

            return text.ToString();
        }
    }

    /// <summary>Stops listening.</summary>
    public void Dispose() => _listener.Dispose();

    private static string NameOf(Instrument instrument, bool isCounter)
    {
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", "{block}" => "_block", _ => "" };
        return string.Concat(instrument.Name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')) + unit
            + (isCounter ? "_total" : "");
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        var labels = new List<string>();
        foreach (var (name, value) in tags) labels.Add($"{name}=\"{Escape(value?.ToString() ?? "", isLabel: true)}\"");
        return $"{{{string.Join(',', labels)}}}";
    }

    private static string Escape(string text, bool isLabel)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return isLabel ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var isCounter = instrument.GetType().GetGenericTypeDefinition() == typeof(ObservableCounter<>);
        var name = NameOf(instrument, isCounter);
        if (!_families.TryGetValue(name, out var family))
            _families.Add(name, family = new Family(instrument.Description ?? name, isCounter ? "counter" : "gauge", []));
        family.Samples.Add((LabelsOf(tags), value));
    }

    private sealed record Family(string Help, string Type, List<(string Labels, double Value)> Samples);
}

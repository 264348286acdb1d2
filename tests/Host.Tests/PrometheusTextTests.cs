// The text format of metrics, letter by letter.
using System.Diagnostics.Metrics;
using EventSourced.Host.Serving;

namespace EventSourced.Host.Tests;

public class PrometheusTextTests
{
    [Fact]
    public void Families_have_help_and_type_once_before_their_samples_and_labels_are_escaped()
    {
        using var meter = new Meter("test");
        using var text = new PrometheusText(meter);
        meter.CreateObservableGauge("a.level", () => 1.5, "s", "how high\nit is");
        meter.CreateObservableCounter("b.things", () => 42L, "{thing}", "things");
        meter.CreateObservableGauge("c.phase", () => Labelled(), null, "phases");
        Assert.Equal(
            """
            # HELP a_level_seconds how high\nit is
            # TYPE a_level_seconds gauge
            a_level_seconds 1.5
            # HELP b_things_total things
            # TYPE b_things_total counter
            b_things_total 42
            # HELP c_phase phases
            # TYPE c_phase gauge
            c_phase{phase="say \"a\\b\""} 1
            c_phase{phase="two\nlines"} 0

            """,
            text.Scrape());
    }

    [Fact]
    public void Each_scrape_reads_the_figures_anew()
    {
        using var meter = new Meter("test");
        using var text = new PrometheusText(meter);
        var value = 1L;
        meter.CreateObservableGauge("x", () => value++, null, "x");
        Assert.Contains("\nx 1\n", text.Scrape(), StringComparison.Ordinal);
        Assert.Contains("\nx 2\n", text.Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_meters_are_not_shown()
    {
        using var mine = new Meter("test");
        using var other = new Meter("test");
        using var text = new PrometheusText(mine);
        other.CreateObservableGauge("x", () => 1L);
        Assert.Equal("", text.Scrape());
    }

    private static IEnumerable<Measurement<long>> Labelled() =>
    [
        new(1, new KeyValuePair<string, object?>("phase", "say \"a\\b\"")),
        new(0, new KeyValuePair<string, object?>("phase", "two\nlines")),
    ];
}

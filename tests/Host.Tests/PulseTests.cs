// The arithmetic of pulses, as values.
using EventSourced.Workers.Pulses;

namespace EventSourced.Host.Tests;

public class PulseTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    [Fact]
    public void The_first_beat_makes_the_pulse()
    {
        var pulse = Pulse.After(null, new Beat("it", 1, Noon, Every), Noon.AddSeconds(2), node: 7)!;
        Assert.Equal(("it", 1, 7, TimeSpan.FromSeconds(2)), (pulse.Id, pulse.Number, pulse.Node, pulse.Lateness()));
    }

    [Fact]
    public void A_beat_counts_once()
    {
        var first = new Beat("it", 1, Noon, Every);
        var pulse = Pulse.After(null, first, Noon, node: 7);
        Assert.Null(Pulse.After(pulse, first, Noon.AddSeconds(1), node: 8));
        Assert.Equal(2, Pulse.After(pulse, pulse!.Next(), Noon.AddSeconds(5), node: 8)!.Number);
    }

    [Fact]
    public void A_missing_beat_is_an_error_that_names_it()
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => Pulse.After(null, new Beat("it", 2, Noon, Every), Noon, node: 7));
        Assert.Equal("expected beat 1 of pulse it, found beat 2: a beat is missing", error.Message);
    }

    [Fact]
    public void The_next_beat_is_due_one_period_after_the_last_one_was_due()
    {
        Assert.Equal(new Beat("it", 2, Noon + Every, Every), new Beat("it", 1, Noon, Every).Next(Noon.AddSeconds(2)));
    }

    [Fact]
    public void After_a_long_silence_beats_that_were_missed_do_not_come_in_a_burst()
    {
        var late = Noon.AddHours(1);
        Assert.Equal(new Beat("it", 2, late + Every, Every), new Beat("it", 1, Noon, Every).Next(late));
    }
}

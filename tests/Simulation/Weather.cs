// The eye of the storm. Enters: whoever waits for an indexer to be at the tip. Leaves: whether it storms. Always holds:
// in the eye nothing is cut, killed or spoiled, so that the reorg that ends it meets an indexer that follows, on a slow
// machine too.
namespace EventSourced.Simulation.Tests;

/// <summary>Whether it storms now.</summary>
internal sealed class Weather
{
    private volatile bool _isEye;

    /// <summary>Whether faults happen.</summary>
    internal bool Storms => !_isEye;

    /// <summary>The eye begins.</summary>
    internal void Calm() => _isEye = true;

    /// <summary>It storms again.</summary>
    internal void Rage() => _isEye = false;
}

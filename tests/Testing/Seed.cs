// Every random test takes its seed from here: fresh by default, fixed by ES_SEED, and printed when the test fails.
using System.Globalization;
using System.Security.Cryptography;

namespace EventSourced.Testing;

/// <summary>A seed that a failing test names, so that one command reproduces the failure.</summary>
public readonly record struct Seed(int Value)
{
    /// <summary>The seed named by the environment variable ES_SEED, or a fresh one.</summary>
    public static Seed FromEnvironment() =>
        new(int.TryParse(Environment.GetEnvironmentVariable("ES_SEED"), CultureInfo.InvariantCulture, out var fixedSeed)
            ? fixedSeed
            : RandomNumberGenerator.GetInt32(int.MaxValue));

    /// <summary>A generator that depends on this seed alone.</summary>
    public Random Generator() => new(Value);

    /// <summary>Runs a check and adds the seed to whatever it throws.</summary>
    public static void Run(Action<Random> check)
    {
        var seed = FromEnvironment();
        try
        {
            check(seed.Generator());
        }
        catch (Exception failure)
        {
            throw new SeededFailureException(seed, failure);
        }
    }

    /// <summary>Runs an asynchronous check and adds the seed to whatever it throws.</summary>
    public static async Task RunAsync(Func<Random, Task> check)
    {
        var seed = FromEnvironment();
        try
        {
            await check(seed.Generator());
        }
        catch (Exception failure)
        {
            throw new SeededFailureException(seed, failure);
        }
    }
}

/// <summary>A failure together with the seed that reproduces it.</summary>
public sealed class SeededFailureException(Seed seed, Exception failure)
    : Exception($"failed with seed {seed.Value}; run again with ES_SEED={seed.Value}: {failure.Message}", failure);

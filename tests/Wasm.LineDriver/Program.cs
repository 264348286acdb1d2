// The sandbox behind a line protocol, so that a conformance suite can drive it from outside. Enters: one JSON request
// a line. Leaves: one JSON answer a line, in order. Always holds: no request ends the program; what fails is named by
// its kind.
using EventSourced.Sandbox;
using EventSourced.Sandbox.Engines;
using EventSourced.Wasm.LineDriver;

// A session holds instances that live as long as it does, more than a pool would.
using var engine = new SandboxEngine(new SandboxOptions { PooledGuests = 0 });
using var input = new StreamReader(Console.OpenStandardInput());
using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
return engine.OnGuestThread(() =>
{
    using var session = new Session(engine);
    while (input.ReadLine() is { } line)
    {
        if (line.Length > 0)
            output.WriteLine(session.Answer(line));
    }

    return 0;
});

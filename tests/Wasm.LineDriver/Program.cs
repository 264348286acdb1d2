// The engine behind a line protocol, so that a conformance suite can drive it from outside. Enters: one JSON request
// a line. Leaves: one JSON answer a line, in order. Always holds: no request ends the program; what fails is named by
// its kind.
using EventSourced.Wasm.LineDriver;

// The guest's stack is bounded by the engine; the thread's is generous, as a server's would be.
var worker = new Thread(
    () =>
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var session = new Session();
        while (input.ReadLine() is { } line)
        {
            if (line.Length > 0)
                output.WriteLine(session.Answer(line));
        }
    },
    maxStackSize: 64 << 20);
worker.Start();
worker.Join();
return 0;

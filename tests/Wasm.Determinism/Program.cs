// The batch process of the determinism tests, so that each runtime setting gets a process of its own.
// Enters: run SEED COUNT | write SEED COUNT FILE | one SEED INDEX FILE. Leaves: lines, or a file of modules.
using System.Globalization;
using EventSourced.Wasm.Determinism;

int Number(int at) => int.Parse(args[at], CultureInfo.InvariantCulture);

switch (args)
{
    case ["run", _, _]:
        foreach (var line in Batch.Run(Number(1), Number(2))) Console.WriteLine(line);
        return 0;
    case ["write", _, _, var path]:
        Batch.Write(Number(1), Number(2), path);
        return 0;
    case ["one", _, _, var path]:
        File.WriteAllBytes(path, Batch.Program(Number(1), Number(2)));
        return 0;
    default:
        Console.Error.WriteLine("expected run SEED COUNT, write SEED COUNT FILE or one SEED INDEX FILE");
        return 2;
}

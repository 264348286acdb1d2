// Modules written as text in a test, made binary by wabt's wat2wasm. Each text is converted once in a process.
using System.Collections.Concurrent;
using System.Diagnostics;

namespace EventSourced.Sandbox.Tests;

internal static class TextFormat
{
    private static readonly ConcurrentDictionary<string, byte[]> Known = new();

    public static byte[] Module(string text) => Known.GetOrAdd(text, Convert);

    private static byte[] Convert(string text)
    {
        using var wabt = Process.Start(new ProcessStartInfo("wat2wasm", ["-", "--output=-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        wabt.StandardInput.Write(text);
        wabt.StandardInput.Close();
        using var bytes = new MemoryStream();
        wabt.StandardOutput.BaseStream.CopyTo(bytes);
        var error = wabt.StandardError.ReadToEnd();
        wabt.WaitForExit();
        Assert.True(wabt.ExitCode == 0, error);
        return bytes.ToArray();
    }
}

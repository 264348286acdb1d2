// A folder of the circle that CircleTests find.
namespace EventSourced.Architecture.Tests.Circles.Two;

internal sealed class InTwo
{
    internal static Type Next => typeof(Three.InThree);
}

namespace Conformance;

/// <summary>A test that does what the conformance suite's module of that name does, and asserts at least as much.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ModuleAttribute : FactAttribute
{
    public ModuleAttribute(string name)
    {
        Name = name;
        DisplayName = name;
    }

    public string Name { get; }
}

/// <summary>A class whose tests are the modules of one certification plan.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PlanAttribute(string name) : Attribute
{
    public string Name => name;
}

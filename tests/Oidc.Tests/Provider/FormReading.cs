namespace Oidc.Tests;

/// <summary>A form as the engine reads it.</summary>
public static class FormReading
{
    public static ParametersOutcome Read(this Form form) => Oidc.Parameters.Parse(form.ToString());

    /// <summary>What was read, when nothing is wrong with it.</summary>
    public static Parameters Parameters(this Form form)
    {
        var (parameters, error) = form.Read();
        error.ShouldBeNull();
        return parameters;
    }
}

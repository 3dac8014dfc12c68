using k8s;
using k8s.Models;
using Latent.CommandLine;
using Latent.Scorer.Commands;

namespace Latent.Tests;

/// <summary>The Kubernetes job of samples/cluster, as the official client reads it.</summary>
public sealed class KubernetesTests
{
    private static readonly V1Job s_job = KubernetesYaml.Deserialize<V1Job>(
        File.ReadAllText(Path.Combine(World.Root, "samples", "cluster", "kubernetes-job.yaml")),
        strict: true
    );

    [Fact]
    public void The_job_is_an_indexed_one_whose_rules_are_by_our_exit_codes()
    {
        Assert.Equal(("batch/v1", "Job"), (s_job.ApiVersion, s_job.Kind));
        var spec = s_job.Spec;
        Assert.Equal("Indexed", spec.CompletionMode);
        Assert.NotNull(spec.BackoffLimitPerIndex);
        // The API takes rules only for pods that are not restarted in place, and each has one of two conditions.
        Assert.Equal("Never", spec.Template.Spec.RestartPolicy);
        var container = Assert.Single(spec.Template.Spec.Containers);
        var rules = spec.PodFailurePolicy.Rules;
        Assert.All(rules, rule => Assert.True(rule.OnExitCodes is null ^ rule.OnPodConditions is null or { Count: 0 }));
        Assert.All(rules, rule => Assert.Contains(rule.Action, (string[])["FailJob", "FailIndex", "Ignore", "Count"]));
        Assert.All(
            rules.Select(rule => rule.OnExitCodes).OfType<V1PodFailurePolicyOnExitCodesRequirement>(),
            codes => Assert.Equal(container.Name, codes.ContainerName)
        );
        var usage = rules.Single(rule => rule.Action == "FailJob").OnExitCodes;
        Assert.Equal(("In", ExitCodes.Usage), (usage.OperatorProperty, Assert.Single(usage.Values)));
        Assert.All(container.VolumeMounts, mount => Assert.Contains(spec.Template.Spec.Volumes, volume => volume.Name == mount.Name));
    }

    [Fact]
    public void Its_command_parses_and_divides_the_table_into_its_completions()
    {
        var script = Assert.Single(s_job.Spec.Template.Spec.Containers.Single().Args);
        var command = script.Replace("\\\n", " ").Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var parsed = ScorerCommandLine.Root().Parse([.. command.Skip(2)]);
        Assert.Null(ParseErrors.Of(parsed));
        Assert.Equal($"{s_job.Spec.Completions}", command[Array.IndexOf(command, "--shards") + 1]);
    }
}

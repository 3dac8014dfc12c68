using System.Text.Json;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Mpi;
using Latent.Trainer.Training;

namespace Latent.Trainer.Runs;

/// <summary>Gives the state that training starts from, fresh or of a checkpoint, from the first process to the others.</summary>
internal static class SharedStart
{
    /// <summary>Gives the session's state and position to the other processes.</summary>
    public static void Give(TrainingSession session, TrainingPosition position)
    {
        if (session.Ranks.Count == 1)
            return;
        session.Ranks.Broadcast(JsonSerializer.SerializeToUtf8Bytes(position, CheckpointState.Json));
        using var tensors = new MemoryStream();
        SafeTensorsFile.Write(tensors, session.ToTensors());
        session.Ranks.Broadcast(tensors.ToArray());
        session.Join();
    }

    /// <summary>Tells the other processes that nothing is left to train.</summary>
    public static void GiveNothing(Ranks ranks) => ranks.Broadcast([]);

    /// <summary>Receives the first process's state.</summary>
    /// <returns>The position; null if nothing is left to train.</returns>
    public static TrainingPosition? Receive(TrainingSession session)
    {
        var position = session.Ranks.Broadcast([]);
        if (position.Length == 0)
            return null;
        session.FromTensors(SafeTensorsFile.Parse(session.Ranks.Broadcast([]), "rank 0's state"), null, "rank 0's state");
        session.Join();
        return JsonSerializer.Deserialize<TrainingPosition>(position, CheckpointState.Json);
    }
}

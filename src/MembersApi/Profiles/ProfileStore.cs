using Npgsql;
using NpgsqlTypes;

namespace MembersApi;

/// <summary>The table <c>user_profiles</c>.</summary>
internal sealed class ProfileStore(MembersDatabase database, TimeProvider time)
{
    private const string Columns =
        "user_id, name, gender, birth_date, contact_info, companions, emergency_contact, email, checkup_date, created_at, updated_at";

    public async Task<StoredProfile?> FindAsync(string userId, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        await using var command = new NpgsqlCommand($"SELECT {Columns} FROM user_profiles WHERE user_id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = userId });
        return await ReadAsync(command, cancel);
    }

    /// <summary>Makes the profile the person's whole profile, in one statement: what it leaves out is gone.</summary>
    public async Task<StoredProfile> SaveAsync(string userId, Profile profile, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(
            $"""
            INSERT INTO user_profiles ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
            ON CONFLICT (user_id) DO UPDATE SET
                name = excluded.name, gender = excluded.gender, birth_date = excluded.birth_date, contact_info = excluded.contact_info,
                companions = excluded.companions, emergency_contact = excluded.emergency_contact, email = excluded.email,
                checkup_date = excluded.checkup_date, updated_at = excluded.updated_at
            RETURNING {Columns}
            """, connection);
        AddText(command, userId);
        AddText(command, profile.Name);
        AddText(command, profile.Gender);
        AddDate(command, profile.BirthDate);
        AddText(command, profile.ContactInfo);
        AddText(command, profile.Companions);
        AddText(command, profile.EmergencyContact);
        AddText(command, profile.Email);
        AddDate(command, profile.CheckupDate);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = time.GetUtcNow().UtcDateTime });
        return await ReadAsync(command, cancel) ?? throw new InvalidOperationException("An upsert always returns its row.");
    }

    private static void AddText(NpgsqlCommand command, string? value) =>
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value });

    private static void AddDate(NpgsqlCommand command, DateOnly? value) =>
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Date, Value = (object?)value ?? DBNull.Value });

    private static async Task<StoredProfile?> ReadAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var row = await command.ExecuteReaderAsync(cancel);
        if (!await row.ReadAsync(cancel))
        {
            return null;
        }

        return new StoredProfile
        {
            UserId = row.GetString(0),
            Name = row.GetString(1),
            Gender = Text(2),
            BirthDate = Date(3),
            ContactInfo = Text(4),
            Companions = Text(5),
            EmergencyContact = Text(6),
            Email = row.GetString(7),
            CheckupDate = Date(8),
            CreatedAt = row.GetDateTime(9),
            UpdatedAt = row.GetDateTime(10),
        };

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        DateOnly? Date(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateOnly>(column);
    }
}

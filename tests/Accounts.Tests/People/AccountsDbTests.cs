using System.Text.Json;
using Harness;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Accounts.Tests;

public sealed class AccountsDbTests(AccountsDatabase database) : IClassFixture<AccountsDatabase>
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Tables_and_columns_need_no_quotes()
    {
        var names = await database.ScalarAsync<string>("""
            select string_agg(distinct name, ' ') from (
                select table_name as name from information_schema.tables where table_schema = 'public'
                union all select column_name from information_schema.columns where table_schema = 'public'
                union all select indexname from pg_indexes where schemaname = 'public') as names
            where name <> lower(name)
            """);
        names.ShouldBeNull();
    }

    [Fact]
    public async Task Has_the_tables_of_schema_version_3() =>
        (await database.ScalarAsync<string>("""
            select string_agg(table_name, ' ' order by table_name) from information_schema.tables
            where table_schema = 'public' and (table_name like 'person%' or table_name like 'role%' or table_name = 'people')
            """)).ShouldBe("people person_claims person_logins person_passkeys person_roles person_tokens role_claims roles");

    [Fact]
    public async Task An_address_belongs_to_one_person()
    {
        var address = Rooms.NewAddress();
        await AddAsync(p => p.NormalizedEmail = address);
        var taken = await Should.ThrowAsync<DbUpdateException>(AddAsync(p => p.NormalizedEmail = address));
        taken.InnerException.ShouldBeOfType<PostgresException>().SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);
    }

    [Fact]
    public async Task A_phone_number_belongs_to_one_person()
    {
        await AddAsync(p => p.PhoneNumber = "+8613800138007");
        await Should.ThrowAsync<DbUpdateException>(AddAsync(p => p.PhoneNumber = "+8613800138007"));
    }

    [Fact]
    public async Task Many_people_have_no_address()
    {
        await AddAsync(_ => { });
        await AddAsync(_ => { });
    }

    [Fact]
    public async Task Keeps_other_claims_as_JSON_and_notes_the_change()
    {
        var id = (await AddAsync(p =>
        {
            p.Claims = JsonSerializer.SerializeToElement(new { nickname = "小红", address = new { country = "CN" } });
            p.BindStatus = BindStatus.Bound;
        })).Id;
        await using (var db = database.Open(_time))
        {
            var person = (await db.Users.FindAsync(id)).ShouldNotBeNull();
            person.Claims!.Value.GetProperty("address").GetProperty("country").GetString().ShouldBe("CN");
            person.BindStatus.ShouldBe(BindStatus.Bound);
            _time.Advance(TimeSpan.FromMinutes(1));
            person.Claims = JsonSerializer.SerializeToElement(new { nickname = "小明" });
            await db.SaveChangesAsync();
        }
        (await database.ScalarAsync<string>($"select claims->>'nickname' || ' ' || bind_status from people where id = '{id}'"))
            .ShouldBe("小明 bound");
        (await database.ScalarAsync<DateTime>($"select updated_at from people where id = '{id}'")).ShouldBe(_time.Now.UtcDateTime);
    }

    [Fact]
    public void An_address_is_confirmed_by_saying_when()
    {
        var person = new Person(_time.Now);
        person.EmailConfirmed.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => person.EmailConfirmed = true);
        Should.Throw<InvalidOperationException>(() => person.PhoneNumberConfirmed = true);
        person.EmailVerifiedAt = person.PhoneVerifiedAt = _time.Now;
        person.EmailConfirmed.ShouldBeTrue();
        person.EmailConfirmed = false;
        person.PhoneNumberConfirmed = false;
        (person.EmailVerifiedAt, person.PhoneVerifiedAt).ShouldBe((null, null));
    }

    [Theory]
    [InlineData("NormalizedUserName", "normalized_user_name")]
    [InlineData("PK_people", "pk_people")]
    [InlineData("IX_people_NormalizedEmail", "ix_people_normalized_email")]
    [InlineData("AvatarURLPath", "avatar_url_path")]
    [InlineData("Id", "id")]
    public void Names_become_snake_case(string name, string snake) => SnakeCaseNames.SnakeCase(name).ShouldBe(snake);

    private async Task<Person> AddAsync(Action<Person> change)
    {
        var person = new Person(_time.Now);
        change(person);
        await using var db = database.Open(_time);
        db.Add(person);
        await db.SaveChangesAsync();
        return person;
    }
}

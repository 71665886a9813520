using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Zinneke.Kernel;

/// <summary>A UUID as its 16 bytes in network order, so that UUIDs of version 7 sort by time in SQLite; EF's own choice there is 36 characters.</summary>
internal sealed class BigEndianGuid() : ValueConverter<Guid, byte[]>(id => id.ToByteArray(true), bytes => new Guid(bytes, true));

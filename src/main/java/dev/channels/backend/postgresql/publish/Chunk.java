package dev.channels.backend.postgresql.publish;

import dev.channels.backend.postgresql.tables.EventRow;
import dev.channels.spi.Publication;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Publications that go into the database in one statement, all or none.
 *
 * @param publications at least one, in order
 */
record Chunk(List<Publication> publications) {

    /** Large enough to make round trips cheap, small enough to be undone and done again. */
    private static final int MAX_EVENTS = 2_000;

    private static final int MAX_BYTES = 4 << 20;

    /**
     * Cuts a batch into chunks; the same batch is always cut alike.
     *
     * @param batch the publications
     * @return the chunks, in order
     */
    static List<Chunk> cut(Collection<Publication> batch) {
        List<Chunk> chunks = new ArrayList<>();
        List<Publication> current = new ArrayList<>();
        long events = 0;
        long bytes = 0;
        for (Publication publication : batch) {
            events += publication.channels().size();
            bytes += EventRow.size(publication);
            if (!current.isEmpty() && (events > MAX_EVENTS || bytes > MAX_BYTES)) {
                chunks.add(new Chunk(List.copyOf(current)));
                current.clear();
                events = publication.channels().size();
                bytes = EventRow.size(publication);
            }
            current.add(publication);
        }
        if (!current.isEmpty()) {
            chunks.add(new Chunk(List.copyOf(current)));
        }
        return chunks;
    }

    /** Returns chunks of one publication each, in order. */
    static List<Chunk> single(Collection<Publication> publications) {
        return publications.stream().map(each -> new Chunk(List.of(each))).toList();
    }

    /** Returns how many bytes of payload and headers it has at most. */
    long bytes() {
        return publications.stream().mapToLong(EventRow::size).sum();
    }

    long firstSequence() {
        return publications.get(0).sequence();
    }

    long lastSequence() {
        return publications.get(publications.size() - 1).sequence();
    }

    /** Returns the names of all channels, once each. */
    Set<String> channels() {
        Set<String> names = new LinkedHashSet<>();
        publications.forEach(publication -> names.addAll(publication.channels()));
        return names;
    }

    /**
     * Lays the chunk out for the publish statement.
     *
     * @param idOf the ids of all its channels
     * @return the arrays
     */
    Rows rows(Map<String, Long> idOf) {
        Map<Long, Integer> counts = new TreeMap<>();
        channels().forEach(name -> counts.put(idOf.get(name), 0));
        Map<Long, Long> rankOf = new HashMap<>();
        counts.keySet().forEach(id -> rankOf.put(id, rankOf.size() + 1L));
        byte[][] payloads = new byte[publications.size()][];
        byte[] @Nullable [] headers = new byte[publications.size()] @Nullable [];
        String[] targets = new String[publications.size()];
        for (int i = 0; i < payloads.length; i++) {
            Publication publication = publications.get(i);
            payloads[i] = publication.payload();
            headers[i] = EventRow.headers(publication);
            StringBuilder text = new StringBuilder("{");
            for (String name : publication.channels()) {
                Long id = idOf.get(name);
                int ordinal = counts.merge(id, 1, Integer::sum);
                text.append(text.length() == 1 ? "" : ",");
                text.append((rankOf.getOrDefault(id, 0L) << Integer.SIZE) | ordinal);
            }
            targets[i] = text.append('}').toString();
        }
        return new Rows(
                counts.keySet().toArray(Long[]::new),
                counts.values().toArray(Integer[]::new),
                payloads,
                headers,
                targets);
    }

    /**
     * The arrays of one publish statement.
     *
     * @param ids the channels' ids, ascending: the order in which all nodes lock the rows
     * @param counts how many events each of them gets
     * @param payloads one per publication
     * @param headers one per publication, null for none
     * @param targets one per publication, an array in PostgreSQL's notation: for each of its
     *     channels the place of the id in {@code ids}, counted from 1 and shifted by 32 bits, and
     *     the place of the event among those of this channel, counted from 1
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Rows(
            Long[] ids,
            Integer[] counts,
            byte[][] payloads,
            byte[] @Nullable [] headers,
            String[] targets) {}
}

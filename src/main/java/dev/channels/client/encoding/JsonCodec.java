package dev.channels.client.encoding;

import dev.channels.client.protocol.Codec;
import dev.channels.client.protocol.Command;
import dev.channels.client.protocol.Decoded;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.protocol.EncodedPublication;
import dev.channels.client.protocol.Publication;
import dev.channels.client.protocol.ServerMessage;
import jakarta.json.Json;
import jakarta.json.stream.JsonParserFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON: messages are joined by line feeds. */
final class JsonCodec implements Codec {

    private final JsonParserFactory parsers = Json.createParserFactory(Map.of());

    @Override
    public Decoded decode(Encoded frame) {
        if (!(frame instanceof Encoded.Text text)) {
            return new Decoded(List.of(), "A binary frame on a connection that speaks JSON");
        }
        List<Command> commands = new ArrayList<>();
        try {
            decode(text.text(), commands);
            return new Decoded(commands, null);
        } catch (ProtocolException e) {
            return new Decoded(commands, e.getMessage());
        }
    }

    /** One line feed may end the frame; an empty line is no command. */
    private void decode(String frame, List<Command> commands) throws ProtocolException {
        int start = 0;
        do {
            int feed = frame.indexOf('\n', start);
            int end = feed < 0 ? frame.length() : feed;
            commands.add(JsonReader.read(frame.substring(start, end), parsers));
            start = end + 1;
        } while (start < frame.length());
    }

    @Override
    public Encoded encode(ServerMessage message) {
        return new Encoded.Text(JsonWriter.write(message, ReplyWriter::message));
    }

    @Override
    public @Nullable EncodedPublication publication(Publication publication) {
        // An empty payload cannot be told from none, so it is not left out for being no text.
        if (JsonWriter.textOf(publication.data()) == null) {
            return null;
        }
        String json = JsonWriter.write(publication, ReplyWriter::publication);
        return new EncodedPublication(new Encoded.Text(json));
    }

    @Override
    public Encoded frame(List<? extends Encoded> messages) {
        if (messages.size() == 1) {
            return messages.get(0);
        }
        int size = messages.size();
        for (Encoded message : messages) {
            size += message.size();
        }
        StringBuilder frame = new StringBuilder(size);
        for (Encoded message : messages) {
            if (!frame.isEmpty()) {
                frame.append('\n');
            }
            frame.append(((Encoded.Text) message).text());
        }
        return new Encoded.Text(frame.toString());
    }
}

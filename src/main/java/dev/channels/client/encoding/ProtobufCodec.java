package dev.channels.client.encoding;

import dev.channels.client.protocol.Codec;
import dev.channels.client.protocol.Command;
import dev.channels.client.protocol.Decoded;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.protocol.EncodedPublication;
import dev.channels.client.protocol.Publication;
import dev.channels.client.protocol.ServerMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Protobuf: the length of each message precedes it, also where it is alone. */
final class ProtobufCodec implements Codec {

    @Override
    public Decoded decode(Encoded frame) {
        if (!(frame instanceof Encoded.Binary binary)) {
            return new Decoded(List.of(), "A text frame on a connection that speaks Protobuf");
        }
        List<Command> commands = new ArrayList<>();
        ProtobufReader reader = new ProtobufReader(binary.bytes());
        try {
            do {
                commands.add(reader.delimited(CommandReader::command));
            } while (!reader.isAtEnd());
            return new Decoded(commands, null);
        } catch (ProtocolException e) {
            return new Decoded(commands, e.getMessage());
        }
    }

    @Override
    public Encoded encode(ServerMessage message) {
        return new Encoded.Binary(ProtobufWriter.writeDelimited(message, ReplyWriter::message));
    }

    @Override
    public @Nullable EncodedPublication publication(Publication publication) {
        byte[] bytes = ProtobufWriter.write(publication, ReplyWriter::publication);
        return new EncodedPublication(new Encoded.Binary(bytes));
    }

    @Override
    public Encoded frame(List<? extends Encoded> messages) {
        if (messages.size() == 1) {
            return messages.get(0);
        }
        int size = 0;
        for (Encoded message : messages) {
            size += message.size();
        }
        byte[] frame = new byte[size];
        int position = 0;
        for (Encoded message : messages) {
            System.arraycopy(
                    ((Encoded.Binary) message).bytes(), 0, frame, position, message.size());
            position += message.size();
        }
        return new Encoded.Binary(frame);
    }
}

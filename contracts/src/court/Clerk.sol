// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { IAgentRegistry } from "../interfaces/IAgentRegistry.sol";
import { Challenge } from "../interfaces/IDisputable.sol";
import { CourtTerms, IClerk } from "../interfaces/IDisputes.sol";
import { IParameters } from "../interfaces/IParameters.sol";
import { IReputation } from "../interfaces/IReputation.sol";
import { ITaskMarket, Task } from "../interfaces/ITaskMarket.sol";
import { Keys } from "../libraries/Keys.sol";
import { Packed } from "../libraries/Packed.sol";
import { Delivery, Receipts } from "../libraries/Receipts.sol";
import { Wiring } from "../libraries/Wiring.sol";

/// @notice See IClerk. Created by Disputes, which has no room for it; keeps nothing.
contract Clerk is IClerk, EIP712 {
    uint256 internal constant MOST_STRIKES = 2;

    IParameters internal immutable PARAMETERS;
    IReputation internal immutable REPUTATION;
    IAgentRegistry internal immutable REGISTRY;
    ITaskMarket internal immutable TASK_MARKET;

    constructor(Wiring memory wiring) EIP712("EventSourced Court", "1") {
        PARAMETERS = IParameters(wiring.parameters);
        REPUTATION = IReputation(wiring.reputation);
        REGISTRY = IAgentRegistry(wiring.agentRegistry);
        TASK_MARKET = ITaskMarket(wiring.taskMarket);
    }

    /// @inheritdoc IClerk
    function termsFor(Challenge calldata found) external view returns (CourtTerms memory terms) {
        uint256 strikes = REPUTATION.strikesOf(found.respondentId);
        bytes32 incoherent = found.deterministic ? Keys.INCOHERENT_DETERMINISTIC : Keys.INCOHERENT_JUDGED;
        terms.principal = found.principal;
        terms.deterministic = found.deterministic;
        terms.strikes = uint8(strikes < MOST_STRIKES ? strikes : MOST_STRIKES);
        terms.pledge = found.pledge;
        terms.bond = SafeCast.toUint128(found.bond);
        terms.maxSeat = uint128(PARAMETERS.get(Keys.MAX_SEAT));
        terms.commitWindow = uint32(PARAMETERS.get(Keys.COMMIT_WINDOW));
        terms.revealWindow = uint32(PARAMETERS.get(Keys.REVEAL_WINDOW));
        terms.appealWindow = uint32(PARAMETERS.get(Keys.APPEAL_WINDOW));
        terms.drawWindow = uint32(PARAMETERS.get(Keys.DRAW_BY));
        terms.absentSlash = uint16(PARAMETERS.get(Keys.ABSENT_SLASH));
        terms.incoherentSlash = uint16(PARAMETERS.get(incoherent));
        terms.withdrawCut = uint16(PARAMETERS.get(Keys.WITHDRAW_CUT));
    }

    /// @inheritdoc IClerk
    function proves(uint256 taskId, bytes calldata proof) external view returns (bool) {
        if (proof.length == 0) return false;
        (uint256 agentId,, bytes32 resultHash, bytes32 receiptHash) = TASK_MARKET.resultOf(taskId);
        bytes calldata body = proof[1:];
        uint8 form = uint8(proof[0]);
        if (form == Receipts.MISMATCH) {
            (bool found, bytes32 outputHash) = Receipts.outputHashOf(body);
            return found && sha256(body) == receiptHash && outputHash != resultHash;
        }
        return form == Receipts.TWO_SIGNATURES && _signedTwice(taskId, agentId, body);
    }

    /// @inheritdoc IClerk
    function deliveryDigestOf(Delivery memory delivery) public view returns (bytes32) {
        return _hashTypedDataV4(Receipts.structHash(delivery));
    }

    function _signedTwice(uint256 taskId, uint256 agentId, bytes calldata body) private view returns (bool) {
        (Delivery memory one, bytes memory oneSignature, Delivery memory other, bytes memory otherSignature) =
            abi.decode(body, (Delivery, bytes, Delivery, bytes));
        if (one.taskId != taskId || other.taskId != taskId || one.resultHash == other.resultHash) return false;
        uint64 matchedAt = _matchedAt(taskId);
        return _signed(agentId, matchedAt, one, oneSignature) && _signed(agentId, matchedAt, other, otherSignature);
    }

    /// @dev Whoever might act for the agent since it took the task: taking a key away does not take its signature back.
    function _signed(uint256 agentId, uint64 since, Delivery memory delivery, bytes memory signature)
        private
        view
        returns (bool)
    {
        return REGISTRY.mightAct(agentId, Receipts.signerOf(deliveryDigestOf(delivery), signature), since);
    }

    function _matchedAt(uint256 taskId) private view returns (uint64) {
        Task memory task = TASK_MARKET.taskOf(taskId);
        return task.deliverBy - Packed.window(task.windows, Packed.START) - Packed.window(task.windows, Packed.DELIVER);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

/// @notice Which functions can move the token or call a stranger at all, by enumeration from the compiled contracts. Whoever
///         adds one finds this list failing, and writes its reentrancy test beside.
contract WhoMovesTheTokenTest is Commons {
    /// @dev The address is an immutable of whoever calls the token, so it stands in its code (and in the token's own). Channels
    ///      compares a config's token with it, and calls it nowhere.
    function test_Only_the_vault_the_faucet_the_jobs_and_the_channels_know_the_token() public view {
        address[28] memory places = abi.decode(abi.encode(wiring), (address[28]));
        string[28] memory artifacts = names();
        for (uint256 i; i < 28; ++i) {
            if (places[i] == wiring.credit) continue;
            address place = places[i];
            bool expected =
                place == wiring.vault || place == wiring.faucet || place == wiring.jobs || place == wiring.channels;
            vm.assertEq(_contains(places[i].code, wiring.credit), expected, artifacts[i]);
        }
    }

    function test_The_vault_moves_the_token_in_four_functions() public view {
        string[5] memory all = ["deposit", "depositFor", "depositWithPermit", "move", "withdraw"];
        string[] memory list = new string[](5);
        for (uint256 i; i < 5; ++i) {
            list[i] = all[i];
        }
        _assertWriting("Vault", list);
    }

    /// @dev `fund` alone moves the token; both forms of six functions call a job's hook. None lets anybody back in.
    function test_The_door_of_jobs_moves_the_token_in_one_function_and_calls_hooks_in_six() public view {
        string[18] memory all = [
            "adopt",
            "claimRefund",
            "complete",
            "complete",
            "createJob",
            "fund",
            "fund",
            "reject",
            "reject",
            "serveAs",
            "setBudget",
            "setBudget",
            "setProvider",
            "setProvider",
            "submit",
            "submit",
            "syncJob",
            ""
        ];
        string[] memory list = new string[](17);
        for (uint256 i; i < 17; ++i) {
            list[i] = all[i];
        }
        _assertWriting("Jobs", list);
    }

    function test_The_faucet_moves_the_token_in_one() public view {
        string[] memory all = new string[](1);
        all[0] = "drip";
        _assertWriting("Faucet", all);
    }

    function test_The_token_moves_itself_for_its_holders_alone() public view {
        string[10] memory all = [
            "approve",
            "cancelAuthorization",
            "cancelAuthorization",
            "permit",
            "receiveWithAuthorization",
            "receiveWithAuthorization",
            "transfer",
            "transferFrom",
            "transferWithAuthorization",
            "transferWithAuthorization"
        ];
        string[] memory list = new string[](10);
        for (uint256 i; i < 10; ++i) {
            list[i] = all[i];
        }
        _assertWriting("Credit", list);
    }

    function test_The_treasury_moves_money_in_one_function() public view {
        string[] memory all = new string[](1);
        all[0] = "spend";
        _assertWriting("Treasury", all);
    }

    /// @dev These call whom they are told to: the forwarder whoever a request names, timelock and governor whatever was
    ///      decided, the council three contracts.
    function test_Four_contracts_call_strangers() public view {
        string[] memory forwarder = new string[](2);
        (forwarder[0], forwarder[1]) = ("execute", "executeBatch");
        _assertWriting("Forwarder", forwarder);
        string[] memory seats = new string[](3);
        (seats[0], seats[1], seats[2]) = ("approve", "execute", "setMember");
        _assertWriting("Council", seats);
        string[11] memory lock = [
            "cancel",
            "execute",
            "executeBatch",
            "grantRole",
            "onERC1155BatchReceived",
            "onERC1155Received",
            "onERC721Received",
            "revokeRole",
            "schedule",
            "scheduleBatch",
            "updateDelay"
        ];
        string[] memory list = new string[](11);
        for (uint256 i; i < 11; ++i) {
            list[i] = lock[i];
        }
        _assertWriting("Timelock", list);
        string[16] memory vote = [
            "cancel",
            "castVote",
            "castVoteBySig",
            "castVoteWithReason",
            "castVoteWithReasonAndParams",
            "castVoteWithReasonAndParamsBySig",
            "execute",
            "onERC1155BatchReceived",
            "onERC1155Received",
            "onERC721Received",
            "propose",
            "queue",
            "relay",
            "releaseBond",
            "updateTimelock",
            ""
        ];
        list = new string[](15);
        for (uint256 i; i < 15; ++i) {
            list[i] = vote[i];
        }
        _assertWriting("AgentGovernor", list);
    }

    /// @notice The registry gives a receiver of agents control; nobody else of the economy calls a user's contract.
    function test_Only_the_registry_calls_back_its_users() public view {
        string[17] memory all = [
            "approve",
            "lock",
            "register",
            "register",
            "register",
            "safeTransferFrom",
            "safeTransferFrom",
            "setAgentURI",
            "setAgentWallet",
            "setApprovalForAll",
            "setMetadata",
            "setStatus",
            "transferFrom",
            "unlock",
            "unsetAgentWallet",
            "",
            ""
        ];
        string[] memory list = new string[](15);
        for (uint256 i; i < 15; ++i) {
            list[i] = all[i];
        }
        _assertWriting("AgentRegistry", list);
    }

    /// @dev The ABI in its compiled order is sorted by name.
    function _assertWriting(string memory artifact, string[] memory expected) private view {
        string memory json = vm.readFile(string.concat("artifacts/", artifact, ".json"));
        uint256 found;
        for (uint256 i;; ++i) {
            string memory entry = string.concat(".abi[", vm.toString(i), "]");
            if (!vm.keyExistsJson(json, entry)) break;
            if (!_same(vm.parseJsonString(json, string.concat(entry, ".type")), "function")) continue;
            string memory mutability = vm.parseJsonString(json, string.concat(entry, ".stateMutability"));
            if (_same(mutability, "view") || _same(mutability, "pure")) continue;
            string memory name = vm.parseJsonString(json, string.concat(entry, ".name"));
            vm.assertLt(found, expected.length, string.concat("a new function: ", artifact, ".", name));
            vm.assertEq(name, expected[found++]);
        }
        vm.assertEq(found, expected.length, artifact);
    }

    function _same(string memory left, string memory right) private pure returns (bool) {
        return keccak256(bytes(left)) == keccak256(bytes(right));
    }

    function _contains(bytes memory code, address wanted) private pure returns (bool) {
        for (uint256 i = 32; i + 20 <= code.length + 32; ++i) {
            uint256 word;
            assembly ("memory-safe") {
                word := mload(add(code, i))
            }
            if (address(uint160(word >> 96)) == wanted) return true;
        }
        return false;
    }
}
